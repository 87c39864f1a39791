import { render } from 'preact';
import { App } from './app/app.js';
import { applyTheme, storedTheme } from './app/theme.js';
import './styles/index.css';

const root = document.querySelector('#app');
if (root === null) throw new Error('the page has no element #app');
applyTheme(storedTheme());
render(<App />, root);
