// What each node can know of a message at some time, from what it did, sent and
// was told until then. Where two of them part stands the reason for most of
// what goes wrong: who was not answered sends again, and who has stored it
// stores it twice.
import { thread } from "./report.js";

const refused = /^(NAK|[45]\d\d\b|UNAVAILABLE|DEADLINE|RESOURCE|INTERNAL|error)/i;

export function beliefs(model, message, t) {
  const known = model.nodes.map(() => ({ says: "", delivered: null, got: false, stored: 0, tries: 0, last: 0 }));
  for (const item of thread(model, message)) {
    if (item.t > t) break;
    const own = known[item.from];
    if (!own) continue;
    if (item.kind === "hop") hop(known, item, t);
    else mark(own, item);
    if (item.kind !== "hop") own.last = item.t;
  }
  // A process that dies takes with it what it had in memory alone.
  for (const life of model.lives) {
    const own = known[life.node];
    if (own?.stored > 0 && life.state === 0 && life.from >= own.last && life.from <= t) own.says += ", then died";
  }
  return known;
}

function hop(known, item, t) {
  const from = known[item.from], to = known[item.to];
  const came = !item.lost && item.end <= t;
  if (!item.answer) {
    from.tries++;
    from.delivered = false;
    from.says = from.tries > 1 ? `sent ${from.tries} times, no answer` : "sent, no answer yet";
    if (came && to) {
      to.got = true;
      if (!to.stored) to.says = "received";
    }
    return;
  }
  if (!came || !to) return;
  to.delivered = !refused.test(item.label);
  to.says = to.delivered ? "delivered" : `refused: ${item.label}`;
}

function mark(own, item) {
  switch (item.kind) {
    case "invoke": own.says = "asked for, no outcome yet"; own.delivered = false; break;
    case "ok": own.says = "done (ok)"; own.delivered = true; break;
    case "fail": own.says = "failed"; own.delivered = false; break;
    case "info": own.says = "outcome unknown"; own.delivered = false; break;
    case "store":
      if (!own.got) break; // its own notes: nobody has sent it anything
      own.stored++;
      own.says = own.stored > 1 ? `stored ${own.stored} times` : "stored";
      break;
    case "decide":
      if (!own.stored) own.says = item.label;
      break;
  }
}

// parted tells where the beliefs contradict one another: one node holds for not
// delivered what another has stored, or stored it more than once.
export function parted(known) {
  const stored = known.some((k) => k.stored > 0);
  return {
    doubts: stored && known.some((k) => k.delivered === false),
    twice: known.some((k) => k.stored > 1),
  };
}
