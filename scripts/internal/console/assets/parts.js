/** parts lists every part of an execution's events, each with the event that it is about. */
export const parts = (events) => events.flatMap((event) => event.parts.flatMap((part) => [[part, event], ...parts(part.published)]));
