// Says that a browser is too old for the page, in words that such a browser understands: this file is ES5 and is run as it
// stands. The oldest browsers are named in README.md; `browserTargets` of vite.config.ts builds for them.
(function () {
  var isOldEnough =
    typeof Array.prototype.toSorted === 'function' &&
    typeof Array.prototype.findLastIndex === 'function' &&
    typeof window.crypto === 'object' &&
    typeof window.reportError === 'function' &&
    hasLookbehind();
  if (isOldEnough) return;
  var app = document.getElementById('app');
  if (!app) return;
  app.removeAttribute('id');
  app.setAttribute('role', 'alert');
  app.style.cssText = 'max-width: 32em; margin: 15vh auto; padding: 0 1em; font: 16px/1.5 sans-serif';
  app.textContent =
    'This browser is too old for Parlance. It needs Chrome or Edge 111, Firefox 115, Safari 16.4, or a later one.';

  function hasLookbehind() {
    try {
      return new RegExp('(?<!a)b').test('b');
      // oxlint-disable-next-line no-unused-vars -- ES5 has no catch without a name
    } catch (error) {
      return false;
    }
  }
})();
