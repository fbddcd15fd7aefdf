// The part of jsdom that the tests use; the package has no types of its own.
declare module "jsdom" {
  export class JSDOM {
    constructor(
      html: string,
      options: {
        url: string;
        runScripts: "outside-only";
        beforeParse(window: Window & typeof globalThis): void;
      },
    );
    readonly window: Window & typeof globalThis;
  }
}
