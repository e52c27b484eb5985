/// How pages look: the system's own type, a colour a line, light and dark.
let pageStyle: StaticString = """
    :root {
      color-scheme: light dark;
      --back: #f6f5f2; --card: #ffffff; --ink: #1d1d1b; --muted: #66655f; --grid: #e4e2dc;
      --shadow: #00000040;
      --series0: #2468d6; --series1: #c2410c; --series2: #15803d; --series3: #9333ea;
      --series4: #be185d; --series5: #0e7490;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --back: #131417; --card: #1c1e22; --ink: #e9e7e2; --muted: #a09e97; --grid: #33363c;
        --shadow: #000000c0;
        --series0: #7ab0ff; --series1: #fb923c; --series2: #4ade80; --series3: #c99bff;
        --series4: #f472b6; --series5: #22d3ee;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; max-width: 80rem; padding: 2.5rem 1.5rem 4rem; background: var(--back);
      color: var(--ink); font: 15px/1.5 system-ui, sans-serif;
    }
    h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; letter-spacing: -0.01em; }
    h2 { margin: 0; font-size: 1.1rem; }
    p { margin: 0.25rem 0 0.75rem; color: var(--muted); max-width: 70ch; }
    .lead { margin: 0.4rem 0 1.5rem; font-size: 1.05rem; }
    main { columns: 2 30rem; column-gap: 1rem; }
    main > * { break-inside: avoid; }
    .facts, .highlights, .note, .wide { column-span: all; }
    section, .facts, .highlights div {
      background: var(--card); border: 1px solid var(--grid); border-radius: 10px;
      padding: 1.1rem 1.25rem;
    }
    section { margin: 0 0 1rem; }
    .facts {
      margin: 0 0 1rem; display: grid; gap: 0.75rem 1.5rem;
      grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
    }
    .highlights {
      margin: 0 0 1rem; display: grid; gap: 1rem;
      grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr));
    }
    .highlights div {
      display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: 0.8rem 1rem;
    }
    .highlights dd { font-size: 1.3rem; font-weight: 600; line-height: 1.3; overflow-wrap: normal; }
    .note { margin: 0; }
    .warning {
      column-span: all; margin: 0 0 1rem; padding: 0.8rem 1rem; max-width: none; color: var(--ink);
      background: var(--card); border: 1px solid var(--series1); border-left-width: 6px;
      border-radius: 10px;
    }
    dt { color: var(--muted); font-size: 0.8rem; }
    dd { margin: 0; overflow-wrap: anywhere; }
    figure { margin: 0 0 0.75rem; }
    .legend { display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; padding: 0; font-size: 0.85rem; }
    .key {
      display: inline-block; width: 1.4rem; margin-right: 0.4rem; vertical-align: middle;
      border-top: 2px solid var(--colour);
    }
    .key.reference { border-top-style: dashed; }
    .plot {
      display: block; width: 100%; max-width: 38rem; height: auto; font: 12px system-ui, sans-serif;
    }
    @media (min-width: 40rem) { .plot { font-size: 8.5px; } }
    .tick { fill: var(--muted); }
    .label { fill: var(--ink); }
    .grid { stroke: var(--grid); }
    .axis { stroke: var(--muted); }
    .line { fill: none; stroke: var(--colour); stroke-width: 1.5; stroke-linejoin: round; }
    .whisker { stroke: var(--colour); stroke-width: 4; stroke-opacity: 0.25; }
    .dot { fill: var(--colour); }
    .reference { --colour: var(--muted); }
    .line.reference { stroke-width: 1; stroke-dasharray: 4 3; }
    .series0 { --colour: var(--series0); } .series1 { --colour: var(--series1); }
    .series2 { --colour: var(--series2); } .series3 { --colour: var(--series3); }
    .series4 { --colour: var(--series4); } .series5 { --colour: var(--series5); }
    .wide { margin-top: 1rem; }
    .cards {
      display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr));
    }
    .card { margin: 0; border: 1px solid var(--grid); border-radius: 8px; overflow: hidden; }
    .card img, .missing {
      display: block; width: 100%; height: 12rem; object-fit: contain; background: var(--back);
    }
    .missing { padding-top: 5rem; text-align: center; color: var(--muted); }
    figcaption { padding: 0.7rem 0.9rem 0.9rem; }
    .file {
      display: flex; justify-content: space-between; gap: 1rem; color: var(--muted);
      font-size: 0.8rem;
    }
    .file span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .score { white-space: nowrap; }
    .said { margin-top: 0.3rem; overflow-wrap: anywhere; }
    .heading { margin-top: 0.7rem; font-weight: 500; }
    .owner { margin-right: 0.5rem; font-size: 0.8rem; color: var(--muted); }
    .first .owner { color: var(--series0); } .second .owner { color: var(--series1); }
    /* Shadows at the ends that a table goes on behind; the first two move with it and cover them. */
    .table {
      overflow-x: auto; background: linear-gradient(to right, var(--card) 40%, transparent),
        linear-gradient(to left, var(--card) 40%, transparent),
        linear-gradient(to right, var(--shadow), transparent),
        linear-gradient(to left, var(--shadow), transparent);
      background-position: left, right, left, right; background-repeat: no-repeat;
      background-size: 3rem 100%, 3rem 100%, 1rem 100%, 1rem 100%;
      background-attachment: local, local, scroll, scroll;
    }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    th { color: var(--muted); font-weight: 500; font-size: 0.8rem; }
    th, td { padding: 0.3rem 0.6rem; border-bottom: 1px solid var(--grid); text-align: left; }
    th:first-child, td:first-child { padding-left: 0; }
    th:last-child, td:last-child { padding-right: 0; }
    tbody tr:last-child td { border-bottom: 0; }
    th { vertical-align: bottom; }
    .number { text-align: right; }
    td.number { white-space: nowrap; }
    @media (max-width: 40rem) {
      body { padding: 1.25rem 0.75rem 3rem; }
      section, .facts { padding: 0.9rem; }
      th, td { padding: 0.3rem 0.4rem; }
      td:first-child { min-width: 7rem; }
    }
    @media print { body { background: none; padding: 0; } section { break-inside: avoid; } }
    """
