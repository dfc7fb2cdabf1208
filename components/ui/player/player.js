// The player itself: one position in one reading, and everything on the screen follows it.

// What a visitor had set, by reading: it survives reruns and visits to other pages, in this browser tab alone.
const REMEMBERED = new Map();
const MOUNTED = new WeakMap();
// Readings that have played by themselves in this tab.
const SHOWN = new Set();
const TOUCHES = ["pointerdown", "wheel", "keydown", "touchmove"];
const LESS_MOTION = window.matchMedia("(prefers-reduced-motion: reduce)");

function remember(id, state) {
  REMEMBERED.delete(id);
  REMEMBERED.set(id, state);
  if (REMEMBERED.size > 20) REMEMBERED.delete(REMEMBERED.keys().next().value);
}

class Player {
  constructor(root) {
    const part = (selector) => root.querySelector(selector);
    this.root = root;
    this.parts = {
      buttons: part(".buttons"), play: part(".play"), playText: part(".play span"), scrub: part(".scrub"), counter: part(".counter"),
      speed: part(".speed select"), speedLabel: part(".speed"), reader: part(".reader select"),
      readerLabel: part(".reader"), calm: part(".calm"), review: part(".review"), detail: part(".detail"), legend: part(".legend"), inside: part(".inside"),
      stage: part(".stage"), score: part(".score"), now: part(".now"), probability: part(".probability"),
      side: part(".side"), title: part(".celltitle"), hint: part(".hint"), unit: part(".unit"), cell: part(".cell"),
      equations: part(".equations"), notes: part(".notes"), spoken: part(".spoken"),
    };
    this.playing = false;
    this.frame = 0;
    this.resized = new ResizeObserver(() => this.data && root.clientWidth !== this.width && this.layOut());
    this.resized.observe(root);
    this.motion = () => this.offerMotion();
    this.finish = () => this.finishShow();
    LESS_MOTION.addEventListener("change", this.motion);
    this.listen();
    // Words are measured once their typeface is there.
    document.fonts.ready.then(() => this.data && this.layOut());
  }

  // A rerun with the same reading only brings its colours.
  receive(data, tell) {
    this.tell = data.tells ? tell : null;
    const again = this.data?.id === data.id && this.data.small === data.small;
    const moved = again && this.follow(data);
    if (again && JSON.stringify(this.data.colours) === JSON.stringify(data.colours) && this.sameUnits(data)) {
      this.data = data;
      if (moved) this.draw();
      return;
    }
    const keeps = again && this.sameUnits(data);
    this.data = data;
    this.paint = paintOf(data.colours);
    for (const name of ["paper", "surface", "ink", "muted", "line", "family"]) {
      this.root.style.setProperty(`--${name}`, data.colours[name]);
    }
    if (!keeps) this.open(decode(data));
    writeLegend(this.parts.legend, this.reading, this.paint);
    this.shownStep = null;
    this.layOut();
  }

  open(reading) {
    this.pause();
    this.m = null;
    this.reading = reading;
    const kept = REMEMBERED.get(reading.id);
    this.state = kept || { step: reading.count - 1, unit: 0, reader: 0, speed: "4" };
    this.state.reader = Math.min(this.state.reader, reading.readers.length - 1);
    this.follow(this.data, true);
    this.root.classList.toggle("small", Boolean(reading.small));
    reading.readers.forEach((reader) => {
      reader.word = (word) => reading.words[word];
      reader.cell_scale = reading.cell_scale;
    });
    const { buttons, scrub, reader, readerLabel, speed, review, hint, notes, now } = this.parts;
    scrub.max = reading.count;
    scrub.hidden = buttons.hidden = reading.count === 1;
    speed.value = this.state.speed;
    readerLabel.hidden = reading.readers.length === 1;
    fillSelect(reader, reading.readers.map(({ direction }) => `${direction} reader`), this.state.reader);
    now.hidden = !reading.probabilities;
    this.spans = writeReview(review, reading);
    hint.textContent = HINTS[reading.family];
    notes.textContent = notesOn(reading);
    this.chooseReader(this.state.reader);
    this.offerMotion();
    if (reading.small && !kept && this.data.cursor === null) this.show();
  }

  // The page's cursor and unit, where they have changed since they were last heard of.
  follow(data, anew = false) {
    const before = anew ? {} : this.onPage || {};
    const moves = data.cursor !== null && data.cursor !== before.cursor;
    const turns = data.unit !== null && data.unit !== before.unit;
    this.onPage = { cursor: data.cursor, unit: data.unit };
    if (moves) {
      this.pause();
      this.state.step = this.reader.turn(Math.min(data.cursor, this.reading.count - 1));
    }
    const place = turns ? this.reader.chosen.indexOf(data.unit) : -1;
    if (place >= 0) {
      this.state.unit = place;
      this.parts.unit.value = place;
    }
    return moves || place >= 0;
  }

  sameUnits(data) {
    return data.readers.every((reader, i) => String(reader.chosen) === String(this.data.readers[i].chosen));
  }

  // Plays once by itself, from the first word, in about six seconds; whoever touches anything gets the finished picture.
  show() {
    if (LESS_MOTION.matches || this.reading.count < 4 || document.hidden || SHOWN.has(this.reading.id)) return;
    SHOWN.add(this.reading.id);
    this.state.step = 0;
    this.playing = true;
    this.pace = Math.max(5, this.reading.count / 6);
    TOUCHES.forEach((touch) => window.addEventListener(touch, this.finish, { passive: true, capture: true }));
    document.addEventListener("visibilitychange", this.finish);
    this.begin();
  }

  finishShow() {
    if (!this.pace) return;
    this.endShow();
    this.pause();
    this.state.step = this.reading.count - 1;
    this.draw();
  }

  endShow() {
    this.pace = 0;
    TOUCHES.forEach((touch) => window.removeEventListener(touch, this.finish, { capture: true }));
    document.removeEventListener("visibilitychange", this.finish);
  }

  get reader() {
    return this.reading.readers[this.state.reader];
  }

  chooseReader(number) {
    this.state.reader = number;
    this.state.unit = Math.max(0, Math.min(this.state.unit, this.reader.chosen.length - 1));
    fillSelect(this.parts.unit, this.reader.names, this.state.unit);
    this.shownStep = null;
  }

  listen() {
    const { play, scrub, speed, reader, unit, review, stage, score } = this.parts;
    play.onclick = () => this.toggle();
    this.root.querySelectorAll("[data-go]").forEach((button) => {
      button.onclick = () => this.step(button.dataset.go);
    });
    scrub.oninput = () => this.go(Number(scrub.value) - 1);
    speed.onchange = () => {
      this.state.speed = speed.value;
      this.begin();
    };
    reader.onchange = () => {
      this.chooseReader(Number(reader.value));
      this.layOut();
    };
    unit.onchange = () => {
      this.state.unit = Number(unit.value);
      this.draw();
      this.report();
    };
    // The word that was aimed at: the touch that ends the show may move it from under the finger.
    review.onpointerdown = (event) => (this.aimed = event.target.dataset?.word);
    review.onclick = (event) => {
      const word = this.aimed ?? event.target.dataset?.word;
      if (word !== undefined) this.go(this.reader.turn(Number(word)));
    };
    review.onpointerover = (event) => {
      const word = event.target.dataset?.word;
      if (word !== undefined && event.pointerType === "mouse") this.describe(Number(word));
    };
    review.onpointerleave = () => this.m && this.describe(this.reader.turn(this.state.step));
    const scrubbed = (event) => {
      const { m } = this;
      const word = this.reader.turn(this.state.step);
      const box = score.getBoundingClientRect();
      const inside = ((event.clientX - box.left) * score.offsetWidth) / box.width - m.left; // however it is magnified
      if (inside < 0 || inside > m.plot) return;
      const column = firstShown(m, this.reading, word) + Math.floor(inside / m.column);
      this.go(this.reader.turn(Math.max(0, Math.min(this.reading.count - 1, column))));
    };
    score.onpointerdown = (event) => event.button === 0 && scrubbed(event);
    score.onpointermove = (event) => event.buttons === 1 && event.pointerType === "mouse" && scrubbed(event);
    this.root.onkeydown = (event) => this.press(event);
    stage.onfocus = () => this.speak();
  }

  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.tagName === "SELECT") return;
    const moves = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" };
    if (event.key === " ") {
      if (event.target.tagName === "BUTTON") return;
      this.toggle();
    } else if (event.key in moves) {
      this.step(moves[event.key]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  step(where) {
    const last = this.reading.count - 1;
    const { step } = this.state;
    this.go({ first: 0, back: Math.max(0, step - 1), forward: Math.min(last, step + 1), last }[where]);
  }

  // Going somewhere by hand pauses.
  go(step) {
    this.endShow();
    this.pause();
    this.state.step = step;
    this.draw();
    this.report();
  }

  // What was chosen by hand goes to the page once the visitor rests there; it moves everything else to this word.
  report() {
    if (!this.tell) return;
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => {
      const unit = this.reader.chosen[this.state.unit] ?? -1;
      const word = this.reader.turn(this.state.step);
      if (this.onPage.cursor === word && (this.onPage.unit === unit || unit < 0)) return;
      this.onPage = { cursor: word, unit: unit < 0 ? this.onPage.unit : unit };
      this.tell([word, unit]);
    }, 350);
  }

  toggle() {
    if (this.playing) {
      this.pause();
      this.draw();
    } else if (!LESS_MOTION.matches && this.reading.count > 1) {
      if (this.state.step >= this.reading.count - 1) this.state.step = 0;
      this.playing = true;
      this.begin();
      this.draw();
    } else if (LESS_MOTION.matches) this.step("forward");
  }

  begin() {
    this.from = { step: this.state.step, time: performance.now() };
    cancelAnimationFrame(this.frame);
    if (this.playing) this.frame = requestAnimationFrame((time) => this.advance(time));
  }

  advance(time) {
    if (!this.playing) return;
    const last = this.reading.count - 1;
    const passed = Math.floor(((time - this.from.time) / 1000) * (this.pace || Number(this.state.speed)));
    const step = Math.min(last, this.from.step + Math.max(0, passed));
    if (step !== this.state.step) {
      this.state.step = step;
      if (step === last) {
        this.playing = false;
        this.endShow();
      }
      this.draw();
    }
    if (this.playing) this.frame = requestAnimationFrame((now) => this.advance(now));
  }

  pause() {
    this.playing = false;
    if (this.reading?.small) document.documentElement.removeAttribute("data-so-far");
    cancelAnimationFrame(this.frame);
  }

  offerMotion() {
    const still = LESS_MOTION.matches;
    if (still) this.pause();
    this.parts.play.hidden = still || this.reading?.count === 1;
    this.parts.speedLabel.hidden = this.parts.play.hidden;
    this.parts.calm.hidden = !still;
    if (this.m) this.draw();
  }

  layOut() {
    const width = this.root.clientWidth;
    if (!width) return;
    this.width = width;
    const staged = Boolean(this.data.staged) && width >= 560; // on a phone there is no last row
    const [beside, big] = [width >= 1100 && !this.reading.small && !staged, width > (this.reading.small ? 900 : 1500) || staged];
    this.root.classList.toggle("staged", staged);
    this.root.classList.toggle("narrow", width < 560);
    this.root.classList.toggle("beside", beside);
    this.root.classList.toggle("big", big);
    const { now, stage, cell, inside, review, legend } = this.parts;
    const small = this.reading.small;
    const { draw, height } = small
      ? { draw: null, height: 0 }
      : buildCell(cell, this.reading, this.reader, this.paint, cell.clientWidth - 12, big);
    this.drawCell = draw;
    this.showCell();
    const room = !small && beside && height + inside.offsetHeight - cell.offsetHeight - review.offsetHeight - legend.offsetHeight;
    this.m = measure(stage.clientWidth, this.reading, this.reader, big, room);
    this.fontFamily = getComputedStyle(this.root).fontFamily;
    now.style.cssText = `top:${this.m.lineTop}px;left:${this.m.bars.left}px;width:${this.m.bars.width}px;height:${this.m.line}px`;
    this.shownStep = null;
    this.draw();
  }

  draw() {
    const { reading, reader, paint, parts, state } = this;
    if (!this.m) return;
    remember(reading.id, state);
    const word = reader.turn(state.step);
    drawScore(parts.score, this.m, reading, reader, paint, state.step, state.unit, this.fontFamily);
    this.drawReview(word);
    parts.scrub.value = state.step + 1;
    parts.counter.textContent = `word ${(word + 1).toLocaleString("en")} of ${reading.count.toLocaleString("en")}`;
    parts.play.setAttribute("aria-label", this.playing ? "Pause" : "Play");
    parts.playText.textContent = this.playing ? "Pause" : "Play";
    this.root.classList.toggle("playing", this.playing);
    if (reading.probabilities) {
      const p = reading.probabilities[word];
      parts.probability.textContent = p.toFixed(3);
      parts.now.querySelector(".what").textContent = `P(${reading.labels[1]})`;
      parts.side.textContent = `${reading.labels[p >= 0.5 ? 1 : 0]} so far`;
      if (state.step === reading.count - 1) parts.side.textContent = reading.labels[p >= 0.5 ? 1 : 0];
      parts.now.style.color = paint.side(p - 0.5);
    }
    this.showCell();
    this.tellSoFar(word);
    if (!this.playing) this.speak();
  }

  // While it plays in sight of the verdict, the verdict shows the same number: one at a time, and the last when it ends.
  tellSoFar(word) {
    const { reading, paint, playing } = this;
    if (!reading.small || !reading.probabilities) return;
    const { top, bottom } = this.parts.now.getBoundingClientRect();
    const root = document.documentElement;
    root.toggleAttribute("data-so-far", playing && bottom > 0 && top < window.innerHeight);
    const p = reading.probabilities[word];
    const side = reading.labels[p >= 0.5 ? 1 : 0];
    const written = {
      "": `${100 * p}%`, "-side": JSON.stringify(`${side[0].toUpperCase()}${side.slice(1)} so far`),
      "-p": JSON.stringify(`P(${reading.labels[1]}) = ${p.toFixed(3)}`), "-colour": paint.side(p - 0.5),
    };
    for (const [name, value] of Object.entries(written)) root.style.setProperty(`--so-far${name}`, value);
  }

  showCell() {
    if (!this.drawCell) return;
    const { reading, reader, parts, state } = this;
    const word = reader.turn(state.step);
    parts.title.textContent = `Inside the ${reading.family} at “${shorten(reading.words[word], 24)}”`;
    const values = this.drawCell(state.step, state.unit);
    parts.equations.replaceChildren(...equationsOf(reading, values).map(equationLine));
  }

  drawReview(word) {
    const { reading, reader, paint, spans } = this;
    const step = this.state.step;
    const [from, to] = this.shownStep === null ? [0, reading.count - 1] : [step, this.shownStep].sort((a, b) => a - b);
    for (let turn = from; turn <= to; turn += 1) {
      const place = reader.turn(turn);
      tintWord(spans[place], place, reading, paint, turn < step ? "read" : turn === step ? "current" : "unread");
    }
    this.shownStep = step;
    this.describe(word);
    keepInSight(this.parts.review, spans[word]);
  }

  // What one word did: under the cursor, or under the mouse.
  describe(word) {
    describeWord(this.parts.detail, this.reading, word);
  }

  // For those who listen: the word and where the prediction stands, when the player rests.
  speak() {
    const { reading, reader, state, parts } = this;
    const word = reader.turn(state.step);
    const p = reading.probabilities ? `, P(${reading.labels[1]}) ${reading.probabilities[word].toFixed(2)}` : "";
    const text = `Word ${word + 1} of ${reading.count}: ${reading.words[word]}${p}`;
    parts.spoken.textContent = text;
    parts.scrub.setAttribute("aria-valuetext", text);
    const states = `hidden state of ${reader.units.length} units word by word`;
    parts.score.setAttribute("aria-label", `${reading.probabilities ? `P(${reading.labels[1]}) and the ` : "The "}${states}. ${text}`);
  }

  close() {
    this.pause();
    this.endShow();
    clearTimeout(this.reporting);
    this.resized.disconnect();
    LESS_MOTION.removeEventListener("change", this.motion);
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".player");
  if (!root || !data) return undefined;
  let player = MOUNTED.get(root);
  if (!player) {
    player = new Player(root);
    MOUNTED.set(root, player);
  }
  // The reading may be here before the stage, or come later, or anew.
  const receive = () => {
    const brought = window.unrolledReadings?.get(data.stage);
    if (brought) player.receive(brought.data, brought.tell);
  };
  receive();
  window.addEventListener(`unrolled:${data.stage}`, receive);
  return () => {
    window.removeEventListener(`unrolled:${data.stage}`, receive);
    player.close();
    MOUNTED.delete(root);
  };
}
