// The player itself: one position in one reading, and everything on the screen follows it.

// What a visitor had set, by reading: it survives reruns and visits to other pages, in this browser tab alone.
const REMEMBERED = new Map();

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
    this.playback = new Playback(this);
    this.resized = new ResizeObserver(() => this.data && root.clientWidth !== this.width && this.layOut());
    this.resized.observe(root);
    this.motion = () => this.offerMotion();
    LESS_MOTION.addEventListener("change", this.motion);
    listen(this);
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
    this.playback.pause();
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
    if (reading.small && !kept && this.data.cursor === null) this.playback.show();
  }

  // The page's cursor and unit, where they have changed since they were last heard of.
  follow(data, anew = false) {
    const before = anew ? {} : this.onPage || {};
    const moves = data.cursor !== null && data.cursor !== before.cursor;
    const turns = data.unit !== null && data.unit !== before.unit;
    this.onPage = { cursor: data.cursor, unit: data.unit };
    if (moves) {
      this.playback.pause();
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

  get reader() {
    return this.reading.readers[this.state.reader];
  }

  // The place of the word under the cursor; in a reader from the end the first turn is the last word.
  get word() {
    return this.reader.turn(this.state.step);
  }

  chooseReader(number) {
    this.state.reader = number;
    this.state.unit = Math.max(0, Math.min(this.state.unit, this.reader.chosen.length - 1));
    fillSelect(this.parts.unit, this.reader.names, this.state.unit);
    this.shownStep = null;
  }

  step(where) {
    const last = this.reading.count - 1;
    const { step } = this.state;
    this.go({ first: 0, back: Math.max(0, step - 1), forward: Math.min(last, step + 1), last }[where]);
  }

  // Going somewhere by hand pauses.
  go(step) {
    this.playback.stop();
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
      const { word } = this;
      if (this.onPage.cursor === word && (this.onPage.unit === unit || unit < 0)) return;
      this.onPage = { cursor: word, unit: unit < 0 ? this.onPage.unit : unit };
      this.tell([word, unit]);
    }, 350);
  }

  offerMotion() {
    const still = LESS_MOTION.matches;
    if (still) this.playback.pause();
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
    if (!this.m) return;
    const { reading, reader, paint, parts, state, word } = this;
    const { playing } = this.playback;
    remember(reading.id, state);
    drawScore(parts.score, this.m, reading, reader, paint, state.step, state.unit, this.fontFamily);
    this.drawReview(word);
    parts.scrub.value = state.step + 1;
    parts.counter.textContent = `word ${(word + 1).toLocaleString("en")} of ${reading.count.toLocaleString("en")}`;
    parts.play.setAttribute("aria-label", playing ? "Pause" : "Play");
    parts.playText.textContent = playing ? "Pause" : "Play";
    this.root.classList.toggle("playing", playing);
    if (reading.probabilities) {
      const p = reading.probabilities[word];
      parts.probability.textContent = p.toFixed(3);
      parts.now.querySelector(".what").textContent = `P(${reading.labels[1]})`;
      parts.side.textContent = `${sideOf(reading, p)}${state.step === reading.count - 1 ? "" : " so far"}`;
      parts.now.style.color = paint.side(p - 0.5);
    }
    this.showCell();
    showSoFar(this);
    if (!playing) speak(this);
  }

  showCell() {
    if (!this.drawCell) return;
    const { reading, parts, state, word } = this;
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

  close() {
    this.playback.stop();
    clearTimeout(this.reporting);
    this.resized.disconnect();
    LESS_MOTION.removeEventListener("change", this.motion);
  }
}
