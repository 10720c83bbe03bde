import { mount } from 'svelte';
import './page.css';
import App from './App.svelte';
import { load } from './lib/core';

const target = document.getElementById('page');
if (target) {
  await load();
  mount(App, { target });
}
