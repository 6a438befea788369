/**
 * The only host globals that the engine touches: UTF-8 in and out, pure functions everywhere.
 * Written so that it merges with the DOM library where that one is loaded too.
 */
interface TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

interface TextDecoderOptions {
  fatal?: boolean;
  ignoreBOM?: boolean;
}

interface TextDecoder {
  decode(input?: Uint8Array): string;
}

declare var TextEncoder: { prototype: TextEncoder; new (): TextEncoder };
declare var TextDecoder: {
  prototype: TextDecoder;
  new (label?: string, options?: TextDecoderOptions): TextDecoder;
};
