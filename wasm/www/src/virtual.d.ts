// What the build makes (vite.config.ts).
declare module 'virtual:first-walk' {
  const first: {
    documents: import('./lib/request').WalkState['documents'];
    report: import('./lib/core').LineReport;
    /** What each arrangement is, from the schema of documents. */
    arrangements: Record<string, string>;
  };
  export default first;
}
