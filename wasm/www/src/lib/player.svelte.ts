// Where one is in a journey, and moving along it by itself.
export class Player {
  at = $state(0);
  playing = $state(false);
  length = $state(0);
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Another journey: the place is kept as far as it exists. */
  follow(length: number) {
    this.length = length;
    this.at = Math.max(0, Math.min(this.at, length - 1));
  }

  go(place: number) {
    this.at = Math.max(0, Math.min(place, this.length - 1));
  }

  step(by: number) {
    this.pause();
    this.go(this.at + by);
  }

  pause() {
    this.playing = false;
    clearInterval(this.#timer);
  }

  toggle() {
    if (this.playing) return this.pause();
    if (this.at >= this.length - 1) this.at = 0;
    this.playing = true;
    this.#timer = setInterval(() => {
      if (this.at >= this.length - 1) this.pause();
      else this.at += 1;
    }, 900);
  }

  /** A key of the page; whether it meant something. */
  key(event: KeyboardEvent): boolean {
    const moves: Record<string, () => void> = {
      ArrowRight: () => this.step(1),
      ArrowLeft: () => this.step(-1),
      Home: () => this.step(-Infinity),
      End: () => this.step(Infinity),
      ' ': () => this.toggle(),
    };
    const move = moves[event.key];
    move?.();
    return move !== undefined;
  }
}

export const player = new Player();
