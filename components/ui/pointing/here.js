// Where the cursor is, for `mark.js`, which is sent once while this is sent at every move.
export default function ({ data }) {
  window.unrolledHere = data;
  window.dispatchEvent(new Event("unrolled:here"));
  return () => {
    if (window.unrolledHere === data) delete window.unrolledHere;
  };
}
