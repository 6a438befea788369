# The app is built in one stage and served from another, which has no build tools.
FROM node:22-alpine AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:22-alpine
WORKDIR /app
ENV NODE_ENV=production
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force
COPY --from=build /app/dist dist
COPY signaling signaling
USER node
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
  CMD wget --quiet --output-document=- "http://127.0.0.1:${PORT:-8787}/healthz" || exit 1
# Without a shell or npm in between, so that SIGTERM reaches the server.
CMD ["node", "--import", "tsx", "signaling/main.ts"]
