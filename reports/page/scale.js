// A scale turns times, in µs, into heights, in pixels, and back.

// stepScale gives every moment at which something happens room to be seen, and
// long silences little more.
function stepScale(items, zoom) {
  const times = [...new Set(items.flatMap((item) => [item.t, item.end]))].sort((a, b) => a - b);
  const heights = [];
  let y = 30;
  times.forEach((t, i) => {
    if (i > 0) y += zoom * 14 * (1 + Math.log10(1 + (t - times[i - 1]) / 200));
    heights.push(y);
  });
  return between(times, heights, y + 40);
}

// timeScale is true to time. What happens in one millisecond of a long run can
// be told apart only when it is zoomed in on.
function timeScale(items, zoom) {
  if (items.length === 0) return between([], [], 70);
  const from = items[0].t, to = Math.max(...items.map((item) => item.end));
  // Browsers give up on elements that are higher than some ten million pixels.
  const height = Math.min(900 * zoom, 8e6);
  return between([from, Math.max(to, from + 1)], [30, 30 + height], height + 70);
}

// between interpolates between known points. What lies before the first or
// behind the last stands a little apart from it.
function between(times, heights, height) {
  const last = times.length - 1;
  const map = (from, to) => (value) => {
    if (last < 0) return to[0] ?? 0;
    if (value <= from[0]) return to[0] - (value < from[0] ? 14 : 0);
    if (value >= from[last]) return to[last] + (value > from[last] ? 14 : 0);
    let low = 0, high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (from[middle] <= value) low = middle; else high = middle;
    }
    return to[low] + ((to[high] - to[low]) * (value - from[low])) / (from[high] - from[low] || 1);
  };
  return { height, since: times[0], until: times[last], y: map(times, heights), t: map(heights, times) };
}
