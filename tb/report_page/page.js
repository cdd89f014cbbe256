// SPDX-License-Identifier: Apache-2.0
// Draws the charts of the page from the documents in it. Each chart has a file in charts/, a
// Vega-Lite specification without data, and a function here that takes the rows of its data from the
// documents. A chart without a row is not shown.
"use strict";

(() => {
  const json = (element) => JSON.parse(element.textContent);

  const documents = Array.from(document.querySelectorAll("script.document"),
    (element) => ({ label: element.dataset.label, content: json(element) }));

  const files = new Map(Array.from(document.querySelectorAll("script.chart"),
    (element) => [element.dataset.file, json(element)]));

  const perThousand = (part, whole) => 1000 * part / whole;

  // A logarithmic axis has no 0: a latency of no cycle is drawn at 1.
  const onLogAxis = (cycles) => Math.max(cycles, 1);

  // [low, high, count] as points of a curve from 0 to 1; only the ends of the ranges are known.
  function curve(histogram = []) {
    const total = histogram.reduce((sum, [, , count]) => sum + count, 0);
    let seen = 0;
    const points = histogram.map(([, high, count]) => {
      seen += count;
      return { cycles: high, at: onLogAxis(high), share: seen / total };
    });
    return points.length === 0
      ? points
      : [{ cycles: histogram[0][0], at: onLogAxis(histogram[0][0]), share: 0 }, ...points];
  }

  // The same as the share that took longer, of which a logarithmic axis shows the last few.
  const longer = (histogram) => curve(histogram).slice(1)
    .map((point) => ({ ...point, share: 1 - point.share }))
    .slice(0, -1);

  const faultStages = new Set(["trap_wait", "storage_wait", "storage", "run_queue_wait"]);
  const isFaultStage = (stage) => stage.startsWith("fault_") || faultStages.has(stage);

  function stageRows(shown, part) {
    return shown.flatMap(({ label, content }) =>
      Object.entries(content.breakdown_cycles)
        .filter(([stage, cycles]) =>
          stage !== "total" && cycles > 0 && isFaultStage(stage) === (part === "faults"))
        .map(([stage, cycles], order) =>
          ({ run: label, stage, order, cycles: cycles / content.totals.translations })));
  }

  // Counts from the start of the measurement as counts of each interval.
  function intervals(timeline, countOf) {
    return timeline.map((entry, index) => {
      const before = index === 0 ? { accesses: 0, count: 0 }
        : { accesses: timeline[index - 1].accesses, count: countOf(timeline[index - 1]) };
      return { from: before.accesses, accesses: entry.accesses, count: countOf(entry) - before.count };
    });
  }

  function residentRows({ content }) {
    return (content.timeline ?? []).flatMap(({ accesses, resident_pages: processes }) =>
      processes.map(({ name, pages }, index) => {
        const namesakes = processes.filter((other, before) => other.name === name && before < index);
        const process = namesakes.length === 0 ? name : `${name} (${namesakes.length + 1})`;
        return { accesses, process, pages };
      }));
  }

  function missRows({ content }) {
    const timeline = content.timeline ?? [];
    return Object.keys(timeline[0]?.misses ?? {}).flatMap((tlb) =>
      intervals(timeline, (entry) => entry.misses[tlb]).map(({ from, accesses, count }) =>
        ({ tlb, accesses, rate: perThousand(count, accesses - from) })));
  }

  function shapeRows({ sets, ways, misses, translations }) {
    const rows = sets.flatMap((setCount, row) => ways.map((wayCount, column) => ({
      sets: setCount,
      ways: wayCount,
      entries: setCount * wayCount,
      misses: misses[row][column],
      rate: perThousand(misses[row][column], translations),
    })));
    const rates = rows.map(({ rate }) => Math.log(rate));
    const [least, most] = [Math.min(...rates), Math.max(...rates)];
    // Where every shape misses as much as any other there is nothing to see.
    return most === least ? [] : rows.map((row, index) =>
      ({ ...row, darkness: (rates[index] - least) / (most - least) }));
  }

  function curveRows(stream) {
    const ofShapes = shapeRows(stream)
      .filter(({ ways }) => (ways & (ways - 1)) === 0)
      .map((row) => ({ ...row, shape: row.ways === 1 ? "1 way" : `${row.ways} ways` }));
    const ofFullyAssociative = stream.fully_associative.map(([entries, misses]) => ({
      entries, misses, rate: perThousand(misses, stream.translations), shape: "fully associative",
    }));
    return ofShapes.length === 0 ? [] : [...ofShapes, ...ofFullyAssociative];
  }

  function reuseRows({ reuse_distance: distances, translations }) {
    return distances.map(([low, high, count]) => ({
      distance: low === high ? `${low}` : `${low} – ${high}`, count, share: count / translations,
    }));
  }

  // Of the points that did not fail: what was varied, and what it came to.
  function pointRows({ content }) {
    return content.points.filter(({ result }) => result?.latency_cycles?.mean != null)
      .map(({ keys, result }) => ({ keys: Object.entries(keys), mean: result.latency_cycles.mean }));
  }

  const keyName = (key) => key.split(".").slice(-2).join(".");

  // Where two keys were varied: the first down, the second across.
  function sweepFields(shown) {
    const rows = pointRows(shown);
    if (rows.length < 2 || rows[0].keys.length !== 2) {
      return [];
    }
    const means = rows.map(({ mean }) => mean);
    const [least, most] = [Math.min(...means), Math.max(...means)];
    return rows.map(({ keys: [[downKey, down], [acrossKey, across]], mean }) => ({
      down: `${keyName(downKey)} ${down}`, across: `${keyName(acrossKey)} ${across}`, mean,
      darkness: most === least ? 0 : (mean - least) / (most - least),
    }));
  }

  function sweepCurves(shown) {
    const rows = pointRows(shown);
    return rows.length < 2 ? [] : rows.map(({ keys, mean }) => ({
      value: `${keys[keys.length - 1][1]}`,
      others: keys.slice(0, -1).map(([key, value]) => `${keyName(key)} ${value}`).join(", "),
      mean,
    }));
  }

  // The rows of each chart, of the documents and the part of them that its place names.
  const rowsOf = {
    latency_by_class: ([{ content }]) => Object.entries(content.classes).flatMap(([name, latency]) =>
      curve(latency.histogram).map((point) => ({ class: name, ...point }))),
    latency_by_run: (shown) => shown.flatMap(({ label, content }) =>
      longer(content.latency_cycles.histogram).map((point) => ({ run: label, ...point }))),
    cycles_by_stage: stageRows,
    walk_latency: ([{ content }]) => ["service", "wait"].flatMap((what) =>
      curve(content.walker[what]).map((point) => ({ what, ...point }))),
    pte_reads_by_level: ([{ content }]) => (content.walker.pte_reads_by_level ?? []).map(
      (reads, level) => ({ level: `level ${level}`, reads })),
    faults_by_kind: ([{ content }]) => Object.entries(content.faults.by_kind ?? {})
      .filter(([, faults]) => faults > 0)
      .map(([kind, faults]) => ({ kind, faults })),
    faults_over_time: ([{ content }]) => intervals(content.timeline ?? [], ({ faults }) => faults)
      .map(({ from, accesses, count }) => ({ from, accesses, faults: count })),
    resident_over_time: ([shown]) => residentRows(shown),
    misses_over_time: ([shown]) => missRows(shown),
    tlb_heat_map: ([{ content }], part) => shapeRows(content.streams[part]),
    miss_curves: ([{ content }], part) => curveRows(content.streams[part]),
    reuse_distance: ([{ content }], part) => reuseRows(content.streams[part]),
    sweep_heat_map: ([shown]) => sweepFields(shown),
    sweep_curve: ([shown]) => sweepCurves(shown),
  };

  // Vega-Lite warns of steps in a chart that is as wide as its place, so that they are counted here.
  function heightOf({ height, encoding }, rows) {
    return height.step === undefined
      ? height
      : height.step * new Set(rows.map((row) => row[encoding.y.field])).size;
  }

  async function draw(figure) {
    const { chart, documents: numbers, part, description } = figure.dataset;
    const rows = rowsOf[chart](numbers.split(" ").map((number) => documents[number]), part);
    if (rows.length === 0) {
      return 0;
    }
    figure.hidden = false;
    const file = structuredClone(files.get(`charts/${chart}.json`));
    const specification = {
      ...file, height: heightOf(file, rows), description, data: { values: rows },
    };
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    await vegaEmbed(figure.querySelector(".chart"), specification, {
      mode: "vega-lite",
      renderer: "svg",
      config: files.get("charts/theme.json"),
      tooltip: { theme: isDark ? "dark" : "light" },
      actions: { export: true, source: false, compiled: false, editor: false },
    });
    return 1;
  }

  async function drawAll() {
    let drawn = 0;
    for (const figure of document.querySelectorAll("figure[data-chart]")) {
      try {
        drawn += await draw(figure);
      } catch (error) {
        figure.hidden = true;  // the tables have its figures
        console.error(figure.dataset.chart, error);
      }
    }
    // For who waits until all is there.
    document.documentElement.dataset.chartsDrawn = drawn;
  }

  drawAll();
})();
