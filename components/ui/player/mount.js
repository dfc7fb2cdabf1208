// One player a stage; the reading may be here before it, or come later, or anew.

const MOUNTED = new WeakMap();

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".player");
  if (!root || !data) return undefined;
  let player = MOUNTED.get(root);
  if (!player) {
    player = new Player(root);
    MOUNTED.set(root, player);
  }
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
