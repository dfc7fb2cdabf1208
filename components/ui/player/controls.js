// What the visitor does with the player: its buttons and lists, the words, the picture and the keys.

function listen(player) {
  const { root, playback } = player;
  const { play, scrub, speed, reader, unit, review, stage, score } = player.parts;
  play.onclick = () => playback.toggle();
  root.querySelectorAll("[data-go]").forEach((button) => {
    button.onclick = () => player.step(button.dataset.go);
  });
  scrub.oninput = () => player.go(Number(scrub.value) - 1);
  speed.onchange = () => {
    player.state.speed = speed.value;
    playback.begin();
  };
  reader.onchange = () => {
    player.chooseReader(Number(reader.value));
    player.layOut();
  };
  unit.onchange = () => {
    player.state.unit = Number(unit.value);
    player.draw();
    player.report();
  };
  // The word that was aimed at: the touch that ends the show may move it from under the finger.
  let aimed;
  review.onpointerdown = (event) => (aimed = event.target.dataset?.word);
  review.onclick = (event) => {
    const word = aimed ?? event.target.dataset?.word;
    if (word !== undefined) player.go(player.reader.turn(Number(word)));
  };
  review.onpointerover = (event) => {
    const word = event.target.dataset?.word;
    if (word !== undefined && event.pointerType === "mouse") player.describe(Number(word));
  };
  review.onpointerleave = () => player.m && player.describe(player.word);
  const scrubbed = (event) => {
    const { m, reading } = player;
    const box = score.getBoundingClientRect();
    const inside = ((event.clientX - box.left) * score.offsetWidth) / box.width - m.left; // however it is magnified
    if (inside < 0 || inside > m.plot) return;
    const column = firstShown(m, reading, player.word) + Math.floor(inside / m.column);
    player.go(player.reader.turn(Math.max(0, Math.min(reading.count - 1, column))));
  };
  score.onpointerdown = (event) => event.button === 0 && scrubbed(event);
  score.onpointermove = (event) => event.buttons === 1 && event.pointerType === "mouse" && scrubbed(event);
  root.onkeydown = (event) => press(player, event);
  stage.onfocus = () => speak(player);
}

function press(player, event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.tagName === "SELECT") return;
  const moves = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" };
  if (event.key === " ") {
    if (event.target.tagName === "BUTTON") return;
    player.playback.toggle();
  } else if (event.key in moves) {
    player.step(moves[event.key]);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
