// Where the parts of a cell stand: boxes with numbers, wires that carry them, and what happens where wires meet.
// Wide pictures run from left to right; narrow ones from top to bottom. Every size is in pixels.

const BOXES = {
  h0: ["hidden state before", "", "signed"],
  c0: ["cell state before", "", "signed"],
  f: ["forget gate f", "keep", "gate"],
  i: ["input gate i", "write", "gate"],
  g: ["candidate g", "new", "signed"],
  o: ["output gate o", "show", "gate"],
  c: ["cell state c", "", "signed"],
  h: ["hidden state h", "", "signed"],
  z: ["update gate z", "keep", "gate"],
  r: ["reset gate r", "recall", "gate"],
  x: ["word", "", "word"],
};

// Which lane a box draws, and whether it stands one word earlier.
const LANE_OF = {
  h0: ["hidden", true],
  c0: ["cell", true],
  f: ["forget"],
  i: ["input"],
  g: ["candidate"],
  o: ["output"],
  c: ["cell"],
  h: ["hidden"],
  z: ["update"],
  r: ["reset"],
};

function layoutOf(family, width, big) {
  const wide = width >= 760;
  const box = { w: wide ? width * 0.185 : width * 0.43, h: big ? 116 : wide ? 104 : 92 };
  const make = (wide ? WIDE : NARROW)[family];
  const plan = make(width, box);
  return { ...plan, width, wide, big, box };
}

const WIDE = {
  LSTM: (W, { w, h }) => {
    const belt = h / 2;
    const low = h + 78;
    const join = h + 36;
    const [keep, add, show] = [W * 0.24, W * 0.455, W * 0.76];
    const [g, i] = [add - w - 14, add + 14];
    // The forget box keeps clear of the candidate's.
    const f = Math.min(keep - w / 2, g - w - 14);
    const c = W * 0.53;
    return {
      height: low + h,
      boxes: { c0: [0, 0], f: [f, low], g: [g, low], i: [i, low], o: [Math.max(show - w / 2, i + w + 14), low], c: [c, 0], h: [W - w, 0] },
      wires: [
        ["c0", [[w, belt], [keep, belt]]],
        ["kept", [[keep, belt], [add, belt]]],
        ["c", [[add, belt], [c, belt]]],
        ["c", [[c + w, belt], [show, belt]]],
        ["h", [[show, belt], [W - w, belt]]],
        ["f", [[f + w / 2, low], [f + w / 2, join], [keep, join], [keep, belt]]],
        ["g", [[g + w / 2, low], [g + w / 2, join], [add, join]]],
        ["i", [[i + w / 2, low], [i + w / 2, join], [add, join]]],
        ["written", [[add, join], [add, belt]]],
        ["o", [[Math.max(show - w / 2, i + w + 14) + w / 2, low], [Math.max(show - w / 2, i + w + 14) + w / 2, join], [show, join], [show, belt]]],
      ],
      meets: [["valve", "f", keep, belt], ["plus", "", add, belt], ["valve", "i", add, join], ["valve", "o", show, belt]],
      // Where there is no room between the box and the ring, it stands above the ring.
      notes: [show - c - w < 70 ? ["tanh", show, belt - 26] : ["tanh", c + w + (show - c - w) / 2 - 6, belt - 12]],
    };
  },
  GRU: (W, { w, h }) => {
    const belt = h / 2;
    const low = h + 78;
    const lane = h + 36;
    const [keep, add] = [W * 0.42, W * 0.72];
    const recall = W * 0.24;
    const [r, z, g] = [recall - w / 2 - 30, keep - w / 2 + W * 0.02, W * 0.555];
    return {
      height: low + h,
      boxes: { h0: [0, 0], r: [r, low], z: [z, low], g: [g, low], h: [W - w, 0] },
      wires: [
        ["h0", [[w * 0.6, h], [w * 0.6, lane], [recall, lane]]],
        ["recalled", [[recall, lane], [g + w / 3, lane], [g + w / 3, low]]],
        ["h0", [[w, belt], [keep, belt]]],
        ["kept", [[keep, belt], [add, belt]]],
        ["r", [[recall, low], [recall, lane]]],
        ["z", [[keep, low], [keep, belt]]],
        ["g", [[g + w, low + h / 2], [Math.max(add, g + w + 26), low + h / 2], [Math.max(add, g + w + 26), lane], [add, lane]]],
        ["written", [[add, lane], [add, belt]]],
        ["h", [[add, belt], [W - w, belt]]],
      ],
      meets: [["valve", "r", recall, lane], ["valve", "z", keep, belt], ["plus", "", add, belt], ["valve", "rest", add, lane]],
      notes: [["1 − z", add - 24, lane + 5, "end"]],
    };
  },
  SimpleRNN: (W, { w, h }) => {
    const belt = h / 2;
    const add = W * 0.5;
    const low = h + 34;
    return {
      height: low + 62,
      boxes: { h0: [W * 0.1, 0], x: [add - w / 2, low, 62], h: [W * 0.9 - w, 0] },
      wires: [
        ["h0", [[W * 0.1 + w, belt], [add, belt]]],
        ["x", [[add, low], [add, belt]]],
        ["h", [[add, belt], [W * 0.9 - w, belt]]],
      ],
      meets: [["plus", "", add, belt]],
      notes: [["tanh", add + (W * 0.9 - w - add) / 2, belt - 12]],
    };
  },
};

const NARROW = {
  LSTM: (W, { w, h }) => {
    const [belt, right, middle] = [w / 2, W - w, W / 2];
    const [f, g, i, o] = [0.5 * h + 34, 1.5 * h + 50, 2.5 * h + 82, 3.5 * h + 96];
    // What is written joins half way between the candidate and the input gate.
    const add = 2.5 * h + 66;
    const [c, shown] = [add + 36, o + h / 2];
    const last = shown + 30;
    return {
      height: last + h,
      boxes: { c0: [0, 0], f: [right, f], g: [right, g], i: [right, i], c: [0, c], o: [right, o], h: [0, last] },
      wires: [
        ["c0", [[belt, h], [belt, f + h / 2]]],
        ["kept", [[belt, f + h / 2], [belt, add]]],
        ["c", [[belt, add], [belt, c]]],
        ["c", [[belt, c + h], [belt, shown]]],
        ["h", [[belt, shown], [belt, last]]],
        ["f", [[right, f + h / 2], [belt, f + h / 2]]],
        ["g", [[right, g + h / 2], [middle, g + h / 2], [middle, add]]],
        ["i", [[right, i + h / 2], [middle, i + h / 2], [middle, add]]],
        ["written", [[middle, add], [belt, add]]],
        ["o", [[right, shown], [belt, shown]]],
      ],
      meets: [["valve", "f", belt, f + h / 2], ["plus", "", belt, add], ["valve", "i", middle, add], ["valve", "o", belt, shown]],
      notes: [["tanh", belt + 12, (c + h + shown) / 2, "start"]],
    };
  },
  GRU: (W, { w, h }) => {
    const [belt, right, middle] = [w / 2, W - w, W / 2];
    const [z, r, g] = [0.5 * h + 34, 1.5 * h + 48, 2.5 * h + 62];
    const add = g + h + 34;
    const last = add + 34;
    return {
      height: last + h,
      boxes: { h0: [0, 0], z: [right, z], r: [right, r], g: [right, g], h: [0, last] },
      wires: [
        ["h0", [[w, h / 2], [middle, h / 2], [middle, r + h / 2]]],
        ["recalled", [[middle, r + h / 2], [middle, g + h / 2], [right, g + h / 2]]],
        ["h0", [[belt, h], [belt, z + h / 2]]],
        ["kept", [[belt, z + h / 2], [belt, add]]],
        ["z", [[right, z + h / 2], [belt, z + h / 2]]],
        ["r", [[right, r + h / 2], [middle, r + h / 2]]],
        ["g", [[right + w / 2, g + h], [right + w / 2, add], [middle, add]]],
        ["written", [[middle, add], [belt, add]]],
        ["h", [[belt, add], [belt, last]]],
      ],
      meets: [["valve", "z", belt, z + h / 2], ["valve", "r", middle, r + h / 2], ["plus", "", belt, add], ["valve", "rest", middle, add]],
      notes: [["1 − z", middle, add + 34, "middle"]],
    };
  },
  SimpleRNN: (W, { w, h }) => {
    const [belt, right] = [w / 2, W - w];
    const add = h + 36;
    const last = add + 36;
    return {
      height: last + h,
      boxes: { h0: [0, 0], x: [right, add - 31, 62], h: [0, last] },
      wires: [
        ["h0", [[belt, h], [belt, add]]],
        ["x", [[right, add], [belt, add]]],
        ["h", [[belt, add], [belt, last]]],
      ],
      meets: [["plus", "", belt, add]],
      notes: [["tanh", belt + 24, add + 30, "start"]],
    };
  },
};
