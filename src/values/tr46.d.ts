/** The part of `tr46` that this library calls; the package ships no types. */
declare module 'tr46' {
  /**
   * Flags of UTS 46, section 4. All are off unless given; processing is non-transitional by
   * default.
   */
  export interface ProcessingOptions {
    readonly checkHyphens?: boolean;
    readonly checkBidi?: boolean;
    readonly checkJoiners?: boolean;
    readonly useSTD3ASCIIRules?: boolean;
    readonly transitionalProcessing?: boolean;
    readonly ignoreInvalidPunycode?: boolean;
  }

  /** The domain in A-labels, `null` when it is not valid. */
  export function toASCII(
    domain: string,
    options: ProcessingOptions & { readonly verifyDNSLength?: boolean },
  ): string | null;

  /** The mapped domain in U-labels, which is meaningful only without `error`. */
  export function toUnicode(
    domain: string,
    options: ProcessingOptions,
  ): { readonly domain: string; readonly error: boolean };
}
