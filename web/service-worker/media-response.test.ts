import { describe, expect, test } from "vitest";
import type { ByteRange } from "./byte-range.ts";
import { contentDisposition, mediaResponse } from "./media-response.ts";

/** The body says which bytes it would be. */
function respond(name: string, range?: string, method = "GET", size = 1000) {
  const headers = new Headers(range === undefined ? {} : { range });
  const body = ({ start, end }: ByteRange) => new Blob([`${start}-${end}`]).stream();
  return mediaResponse({ method, headers }, name, size, body);
}

describe("a range of a film", () => {
  test("is answered with 206 and says what it is of", async () => {
    const response = respond("film.mp4", "bytes=0-1");
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe("bytes 0-1/1000");
    expect(response.headers.get("content-length")).toBe("2");
    expect(response.headers.get("accept-ranges")).toBe("bytes");
    expect(response.headers.get("content-type")).toBe("video/mp4");
    expect(await response.text()).toBe("0-2");
  });

  test("that lies beyond it is answered with 416 and the size", () => {
    const response = respond("film.mp4", "bytes=1000-");
    expect(response.status).toBe(416);
    expect(response.headers.get("content-range")).toBe("bytes */1000");
    expect(response.body).toBeNull();
  });

  test("is the whole of it where none is asked for", async () => {
    const response = respond("film.mp4");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-length")).toBe("1000");
    expect(response.headers.get("content-range")).toBeNull();
    expect(await response.text()).toBe("0-1000");
  });

  test("is not read to answer HEAD, nor of an empty file", () => {
    expect(respond("film.mp4", "bytes=0-1", "HEAD").body).toBeNull();
    expect(respond("film.mp4", undefined, "GET", 0).body).toBeNull();
  });
});

describe("nothing can run in the page's origin", () => {
  const names =
    "a.html a.HTM a.svg a.xhtml a.xml a.js a.mjs a.css a.mht a.swf a.txt a.htm.html html a. a".split(" ");
  test.each(names)("%s is bytes to be saved", (name) => {
    const { headers } = respond(name);
    expect(headers.get("content-type")).toBe("application/octet-stream");
    expect(headers.get("content-disposition")).toMatch(/^attachment;/);
  });

  test.each(["a.html", "a.svg", "a.png", "a.mp4", "a.pdf", "a"])(
    "%s is not guessed to be anything else, and has no right to anything",
    (name) => {
      for (const range of [undefined, "bytes=0-1", "bytes=5000-"]) {
        const { headers } = respond(name, range);
        expect(headers.get("x-content-type-options")).toBe("nosniff");
        expect(headers.get("content-security-policy")).toContain("default-src 'none'");
        expect(headers.get("content-security-policy")).not.toMatch(/script-src|allow-scripts/);
        expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
      }
    },
  );

  test.each(["a.html", "a.png", "a.mp4"])("a document made of %s would be in a sandbox", (name) => {
    expect(respond(name).headers.get("content-security-policy")).toMatch(/; sandbox$/);
  });
});

test("a name can't end the header that it stands in", () => {
  const name = "a\"b\r\nset-cookie: x=1; ü\u202e\ud800'().zip";
  const header = contentDisposition("attachment", name);
  expect(header).toMatch(/^attachment; filename\*=UTF-8''[\w.%-]+$/);
  expect(decodeURIComponent(header.slice(header.indexOf("''") + 2))).toBe(name.replace("\ud800", "_"));
});
