// What the clocks of a time zone show.

const FIELDS = {
  calendar: "gregory",
  numberingSystem: "latn",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "longOffset",
};

/** A moment as the clocks of a time zone show it, in ISO 8601; undefined when nobody knows a zone of that name. */
export function timeIn(timeZone, moment) {
  const clock = clockOf(timeZone);
  if (!clock) return undefined;
  const part = Object.fromEntries(clock.formatToParts(moment).map(({ type, value }) => [type, value]));
  // "GMT-05:00", or "GMT" alone where there is no difference.
  const offset = part.timeZoneName.slice("GMT".length) || "+00:00";
  const day = `${part.year}-${part.month}-${part.day}`;
  return { time: `${day}T${part.hour}:${part.minute}:${part.second}${offset}`, timeZone };
}

function clockOf(timeZone) {
  try {
    return new Intl.DateTimeFormat("en", { ...FIELDS, timeZone });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
