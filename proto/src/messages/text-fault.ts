/**
 * Says why a text could not be stored and told again as it is, as the end of a sentence that begins with its name;
 * undefined when it could. Half of a surrogate pair has no UTF-8: each store and transport would put something else in its
 * place. Every other text is taken, control characters and U+FFFD included. Pure.
 */
export function textFault(text: string): string | undefined {
  return text.isWellFormed() ? undefined : 'is not well-formed Unicode';
}
