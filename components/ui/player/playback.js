// What moves the position by itself: playing, and the one time that a small player does so unasked.

// Readings that have played by themselves in this tab.
const SHOWN = new Set();
const TOUCHES = ["pointerdown", "wheel", "keydown", "touchmove"];
const LESS_MOTION = window.matchMedia("(prefers-reduced-motion: reduce)");

class Playback {
  constructor(player) {
    this.player = player;
    this.playing = false;
    this.frame = 0;
    this.finish = () => this.finishShow();
  }

  get last() {
    return this.player.reading.count - 1;
  }

  toggle() {
    const { player } = this;
    if (this.playing) {
      this.pause();
      player.draw();
    } else if (LESS_MOTION.matches) {
      player.step("forward");
    } else if (this.last > 0) {
      if (player.state.step >= this.last) player.state.step = 0;
      this.playing = true;
      this.begin();
      player.draw();
    }
  }

  // From here on, at the speed chosen now.
  begin() {
    this.from = { step: this.player.state.step, time: performance.now() };
    cancelAnimationFrame(this.frame);
    if (this.playing) this.frame = requestAnimationFrame((time) => this.advance(time));
  }

  advance(time) {
    if (!this.playing) return;
    const { state } = this.player;
    const passed = Math.floor(((time - this.from.time) / 1000) * (this.pace || Number(state.speed)));
    const step = Math.min(this.last, this.from.step + Math.max(0, passed));
    if (step !== state.step) {
      state.step = step;
      if (step === this.last) {
        this.playing = false;
        this.endShow();
      }
      this.player.draw();
    }
    if (this.playing) this.frame = requestAnimationFrame((now) => this.advance(now));
  }

  pause() {
    this.playing = false;
    if (this.player.reading?.small) document.documentElement.removeAttribute("data-so-far");
    cancelAnimationFrame(this.frame);
  }

  // What is done by hand pauses.
  stop() {
    this.endShow();
    this.pause();
  }

  // Plays once by itself, from the first word, in about six seconds; whoever touches anything gets the finished picture.
  show() {
    const { reading, state } = this.player;
    if (LESS_MOTION.matches || reading.count < 4 || document.hidden || SHOWN.has(reading.id)) return;
    SHOWN.add(reading.id);
    state.step = 0;
    this.playing = true;
    this.pace = Math.max(5, reading.count / 6);
    TOUCHES.forEach((touch) => window.addEventListener(touch, this.finish, { passive: true, capture: true }));
    document.addEventListener("visibilitychange", this.finish);
    this.begin();
  }

  finishShow() {
    if (!this.pace) return;
    this.stop();
    this.player.state.step = this.last;
    this.player.draw();
  }

  endShow() {
    this.pace = 0;
    TOUCHES.forEach((touch) => window.removeEventListener(touch, this.finish, { capture: true }));
    document.removeEventListener("visibilitychange", this.finish);
  }
}
