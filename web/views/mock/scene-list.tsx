/** The way into the mock interface. */
export function SceneList({ names }: { readonly names: readonly string[] }) {
  return (
    <main>
      <h1>Screens</h1>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <a href={`#${name}`}>{name}</a>
          </li>
        ))}
      </ul>
    </main>
  );
}
