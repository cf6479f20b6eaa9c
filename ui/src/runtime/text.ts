/** Results count Unicode code points, as Python does; the DOM counts UTF-16 units. */

/** Number of code points before `offset` (in UTF-16 units). */
export function codePointsBefore(text: string, offset: number): number {
  let count = 0;
  for (let index = 0; index < offset && index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // The second half of a pair belongs to the code point counted already.
    if (unit < 0xdc00 || unit > 0xdfff || index === 0 || !isHigh(text.charCodeAt(index - 1))) count++;
  }
  return count;
}

/** The UTF-16 offset of a number of code points. */
export function utf16Offset(text: string, codePoints: number): number {
  let index = 0;
  for (let left = codePoints; left > 0 && index < text.length; left--) {
    index += isHigh(text.charCodeAt(index)) && isLow(text.charCodeAt(index + 1)) ? 2 : 1;
  }
  return index;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
