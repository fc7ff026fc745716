/** Charts about estimates: calibration, matrices, intervals. A builder is a pure function (data, tokens, width) => ECharts option. */
import { alpha, esc, evidence, num, quadrants, say, signed, whiskers } from "./base.js";

export const builders = {
  /** data: [{p, seen, lo, hi, n, said}] one per band, all in percent; said is the outcome in words. On the diagonal the model keeps its word. */
  calibration(data, t) {
    const within = (d) => d.lo <= d.p && d.p <= d.hi;
    return {
      grid: { left: 46, right: 18, top: 12, bottom: 42 },
      xAxis: { type: "value", min: 0, max: 100, interval: 20, name: say("predicted"), nameLocation: "middle", nameGap: 26, axisLabel: { formatter: "{value}%" },
        splitLine: { show: false } },
      yAxis: { type: "value", min: 0, max: 100, interval: 20, axisLabel: { formatter: "{value}%" } },
      tooltip: { formatter: ({ dataIndex: i }) => {
        const d = data[i];
        return d ? `${say("calibrationTip", { p: num(d.p), n: num(d.n) })}<br><b>${esc(d.said)}</b>（${say("interval", { lo: num(d.lo, 1), hi: num(d.hi, 1) })}）` : ""; } },
      series: [
        { type: "line", data: [[0, 0], [100, 100]], symbol: "none", silent: true, lineStyle: { type: [4, 5], color: t.mute, width: 1.2 } },
        whiskers(data.map((d) => ({ value: [d.p, d.seen, d.lo, d.hi] })), (i) => alpha(within(data[i]) ? t.brand : t["cat-2"], 0.45), "y", 5),
        { type: "scatter", z: 3, symbolSize: 10, data: data.map((d) => ({ value: [d.p, d.seen], symbol: within(d) ? "circle" : "diamond",
          itemStyle: { color: within(d) ? t.brand : t["cat-2"], borderColor: t.surface, borderWidth: 2 },
          label: { show: !within(d), position: "right", distance: 8, formatter: say("off"), color: t.warn, fontSize: 12 } })) },
      ],
    };
  },

  /** data: {points: [[profit now, profit ahead, people, name]], split: [x, y], words: [top right, top left, bottom left, bottom right]}. */
  matrix(data, t, width) {
    const maxX = Math.max(...data.points.map((p) => p[0])) * 1.14, maxY = Math.max(...data.points.map((p) => p[1])) * 1.16,
      big = Math.max(...data.points.map((p) => p[2]));
    const colour = ([x, y]) => t.cat[x >= data.split[0] ? (y >= data.split[1] ? 0 : 2) : y >= data.split[1] ? 1 : 5];
    return {
      grid: { left: 54, right: 16, top: 12, bottom: 42 },
      xAxis: { type: "value", min: 0, max: Math.ceil(maxX / 200) * 200, name: say("current"), nameLocation: "middle", nameGap: 26, splitLine: { show: false } },
      yAxis: { type: "value", min: 0, max: Math.ceil(maxY / 200) * 200, splitLine: { show: false }, axisLabel: { formatter: (v) => `¥${num(v)}` } },
      tooltip: { formatter: ({ value: v }) => (v ? `<b>${esc(v[3])}</b> ${say("people", { n: num(v[2]) })}<br>${say("matrixTip", { x: num(v[0]), y: num(v[1]) })}` : "") },
      series: [quadrants(t, ...data.split, data.words, { x: [0, Math.ceil(maxX / 200) * 200], y: [0, Math.ceil(maxY / 200) * 200] }),
        { type: "scatter", symbolSize: (v) => 10 + (width < 420 ? 26 : 40) * Math.sqrt(v[2] / big),
          data: data.points.map((p) => ({ value: p, itemStyle: { color: alpha(colour(p), 0.75), borderColor: t.surface, borderWidth: 1.5 },
          label: { position: p[0] > 0.7 * maxX ? "left" : "right" } })),
          label: { show: true, distance: 4, formatter: ({ value: v }) => v[3], color: t.ink, fontSize: 12 }, labelLayout: { moveOverlap: "shiftY" } }],
    };
  },

  /** data: {items: [{name, score, weight, side}], split: [x, y], x: [min, max], y: [min, max], words}. Top left is what to fix. */
  importance(data, t) {
    const fix = (d) => d.score < data.split[0] && d.weight >= data.split[1];
    return {
      grid: { left: 46, right: 16, top: 12, bottom: 42 },
      xAxis: { type: "value", min: data.x[0], max: data.x[1], name: say("score"), nameLocation: "middle", nameGap: 26, splitLine: { show: false } },
      yAxis: { type: "value", min: data.y[0], max: data.y[1], splitLine: { show: false } },
      tooltip: { formatter: ({ dataIndex: i }) =>
        (data.items[i] ? `<b>${esc(data.items[i].name)}</b><br>${say("importanceTip", { w: num(data.items[i].weight, 2), s: num(data.items[i].score, 2) })}` : "") },
      series: [quadrants(t, ...data.split, data.words, data),
        { type: "scatter", symbolSize: 12, data: data.items.map((d) => ({ value: [d.score, d.weight], symbol: fix(d) ? "diamond" : "circle",
          itemStyle: { color: fix(d) ? t["cat-2"] : t.brand },
          label: { show: true, position: d.side ?? "right", distance: 6, formatter: d.name, color: fix(d) ? t.warn : t.ink,
            fontWeight: fix(d) ? 650 : 400, fontSize: 12 } })), labelLayout: { moveOverlap: "shiftY" } }],
    };
  },

  /** data: {unit, digits, rows: [{name, at, lo, hi}]}. Grey means the interval crosses zero: nothing is proven. */
  forest(data, t, width) {
    const rows = data.rows, digits = data.digits ?? 1, left = width < 420 ? 92 : 128;
    return {
      grid: { left, right: 76, top: 4, bottom: 24 },
      xAxis: { type: "value", axisLabel: { formatter: (v) => signed(v, v % 1 ? 1 : 0) }, splitNumber: 4 },
      yAxis: { type: "category", inverse: true, data: rows.map((r) => r.name), axisLine: { show: false },
        axisLabel: { color: t.ink, fontSize: 13, width: left - 12, overflow: "break", interval: 0 } },
      tooltip: { formatter: ({ dataIndex: i }) =>
        (rows[i] ? `<b>${esc(rows[i].name)}</b><br>${signed(rows[i].at, digits)} ${data.unit}（${say("interval", { lo: signed(rows[i].lo, digits), hi: signed(rows[i].hi, digits) })}）` : "") },
      series: [whiskers(rows.map((r, i) => ({ value: [r.at, i, r.lo, r.hi] })), (i) => alpha(evidence(rows[i], t), 0.42), "x", 6),
        { type: "scatter", z: 3, symbolSize: 13, data: rows.map((r,
          i) => ({ value: [r.at, i], itemStyle: { color: evidence(r, t), borderColor: t.surface, borderWidth: 2.5 } })),
          markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: t.mute, type: [4, 4] }, data: [{ xAxis: 0 }] } },
        { type: "custom", silent: true, data: rows.map((r, i) => [r.at, i]),
          renderItem: (params, api) => ({ type: "text", x: params.coordSys.x + params.coordSys.width + 10, y: api.coord([0, api.value(1)])[1],
          style: { text: `${signed(rows[params.dataIndex].at, digits)} ${data.unit}`,
            fill: evidence(rows[params.dataIndex], t) === t.mute ? t["ink-3"] : t.ink, font: `600 12px ${t.font}`, verticalAlign: "middle" } }) }],
    };
  },
};
