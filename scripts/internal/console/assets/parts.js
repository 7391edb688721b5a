/** parts returns every part of an execution's events, each with its event. */
export const parts = (events) => events.flatMap((event) => event.parts.flatMap((part) => [[part, event], ...parts(part.published)]));
