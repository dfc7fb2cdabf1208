// Brings a reading to its stage, wherever that is on the page, and takes back what was chosen there.
export default function ({ data, setTriggerValue }) {
  window.unrolledReadings ??= new Map();
  window.unrolledReadings.set(data.stage, { data, tell: (choice) => setTriggerValue("chosen", choice) });
  window.dispatchEvent(new Event(`unrolled:${data.stage}`));
}
