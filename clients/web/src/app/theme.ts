const storageKey = 'parlance.theme';

/** How light the page is; `system` follows the device. */
export type Theme = (typeof themes)[number];

/** All themes, in the order in which the switch goes through them. */
export const themes = ['system', 'light', 'dark'] as const;

/** The theme that was chosen last on this device; `system` until one was. */
export function storedTheme(): Theme {
  const stored = localStorage.getItem(storageKey);
  return themes.find((theme) => theme === stored) ?? 'system';
}

/** Shows the page in a theme and remembers it on this device. */
export function applyTheme(theme: Theme): void {
  localStorage.setItem(storageKey, theme);
  if (theme === 'system') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.setAttribute('data-theme', theme);
}
