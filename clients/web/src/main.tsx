import { render } from 'preact';
import { App } from './app/app.js';
import { applyTheme, storedTheme } from './app/theme.js';
import './styles/index.css';

// browser-floor.js takes it away in a browser that is too old, and says so.
const root = document.querySelector('#app');
applyTheme(storedTheme());
if (root !== null) render(<App />, root);
