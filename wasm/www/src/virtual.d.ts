// What the build makes (vite.config.ts).
declare module 'virtual:first-walk' {
  const first: { documents: import('./lib/request').WalkState['documents']; report: import('./lib/core').LineReport };
  export default first;
}
