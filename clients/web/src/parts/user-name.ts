/** How a user is called on screen. There are no profiles: it is the id, with a capital first letter. Pure. */
export function userName(userId: string): string {
  const [first = '', ...rest] = userId;
  return first.toLocaleUpperCase() + rest.join('');
}
