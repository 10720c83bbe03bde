// How wide the window is.

/** As in the styles: a phone. */
const query = typeof matchMedia === 'function' ? matchMedia('(max-width: 620px)') : undefined;

export const screen = $state({ narrow: query?.matches ?? false });

query?.addEventListener('change', ({ matches }) => (screen.narrow = matches));
