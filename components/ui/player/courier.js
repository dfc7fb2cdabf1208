// Brings a reading to its stage, wherever that is on the page, and takes back what was chosen there.
export default function ({ data, parentElement, setTriggerValue }) {
  const text = new TextDecoder().decode(data);
  if (parentElement.unrolledText !== text) {
    parentElement.unrolledText = text;
    parentElement.unrolledReading = JSON.parse(text);
  }
  const reading = parentElement.unrolledReading;
  window.unrolledReadings ??= new Map();
  window.unrolledReadings.set(reading.stage, { data: reading, tell: (choice) => setTriggerValue("chosen", choice) });
  window.dispatchEvent(new Event(`unrolled:${reading.stage}`));
}
