// Resolves once a lesson that is presented stands still: nothing runs, the view has fitted itself, no box moves any more.
() => new Promise((done, failed) => {
  const began = performance.now();
  const boxes = () =>
    [...document.querySelectorAll(".st-key-lesson-text *, .st-key-lesson-stage *, .st-key-lesson-sentence *")]
      .map((one) => { const box = one.getBoundingClientRect(); return [box.left, box.top, box.width, box.height].map(Math.round); })
      .join();
  let [before, alike] = ["", 0];
  const look = () => {
    const busy = document.querySelector("[data-fitting], [data-stale=true]")
      || !document.querySelector(".st-key-lesson-stage[data-fitted]") // its script has not begun yet
      || !document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");
    const now = boxes();
    alike = !busy && now === before ? alike + 1 : 0;
    before = now;
    if (alike === 2) done();
    else if (performance.now() - began > 60_000) failed(new Error("it does not stand still"));
    else setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(look)), 30);
  };
  look();
})
