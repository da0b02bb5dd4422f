// SPDX-License-Identifier: Apache-2.0

/// Paper and ink by day, slate by night; one column that fits a phone.
let stylesheet: HTML = """
    \(palette)
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0 auto;max-width:60rem;padding:2.2rem 1.25rem 4rem;background:var(--paper);color:var(--ink);
    font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif}
    a{color:var(--accent);text-underline-offset:.2em}
    h1{margin:0;font-size:1.35rem;font-weight:650;letter-spacing:-.01em;display:flex;align-items:center;gap:.5rem}
    h1 svg{width:26px;height:26px;color:var(--accent)}
    h1 span{font-weight:400;color:var(--soft)}
    h2{margin:0;font-size:1.05rem;font-weight:620}
    small,.under,.quiet,.when,.act{color:var(--soft);font-size:.85rem}
    .top p{margin:.25rem 0 0;color:var(--soft)}
    .tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:.75rem;margin:1.75rem 0 1.25rem}
    .tiles a{display:block;padding:.8rem 1rem .85rem;border:1px solid var(--line);border-radius:var(--radius);
    background:var(--card);color:inherit;text-decoration:none}
    .tiles a:hover{border-color:var(--accent)}
    .tiles a[aria-current]{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
    .tiles .label{display:block;font-size:.85rem;color:var(--soft)}
    .tiles b{display:block;font-size:1.7rem;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums}
    .tiles small{display:block;min-height:1.4em;font-size:.78rem;line-height:1.4;color:var(--alarm)}
    .search{display:flex;gap:.6rem;align-items:center;margin:0 0 1.5rem;flex-wrap:wrap}
    .search input{flex:1 1 12rem;min-width:0;font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);
    border-radius:10px;padding:.5rem .8rem}
    .search input::placeholder{color:var(--soft);opacity:1}
    .search button{font:inherit;color:var(--card);background:var(--accent);border:0;border-radius:10px;padding:.55rem 1.1rem;
    cursor:pointer}
    .search .follow{margin-left:.4rem;font-size:.9rem}
    :focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    article{border:1px solid var(--line);border-radius:var(--radius);background:var(--card);padding:1rem 1.15rem;
    margin:0 0 .9rem}
    article:target{border-color:var(--accent)}
    article>header{display:grid;grid-template-columns:auto 1fr auto;gap:.1rem .75rem;align-items:center;margin-bottom:.8rem}
    .icon{display:grid;place-items:center;width:2.1rem;height:2.1rem;border-radius:50%;background:var(--tint);
    color:var(--accent)}
    .who{line-height:1.3;min-width:0;overflow-wrap:anywhere}
    .who b{display:block;font-weight:600;font-variant-numeric:tabular-nums}
    .when{text-align:right;font-variant-numeric:tabular-nums}
    .when span{white-space:nowrap}
    .when a{color:inherit;text-decoration:none;margin-left:.35rem}
    .badge{display:inline-block;margin-right:.6rem;padding:.1rem .55rem;border-radius:99px;background:var(--alarm-tint);
    color:var(--alarm);font-size:.8rem}
    .refused .icon,.unanswered .icon{background:var(--alarm-tint);color:var(--alarm)}
    .refused .bubble,.refused .letter,.refused .steps{opacity:.6}
    .bubble{margin:0;width:fit-content;max-width:34rem;padding:.65rem 1rem;border-radius:18px 18px 18px 5px;
    background:var(--tint);white-space:pre-wrap;overflow-wrap:anywhere}
    .cut{display:inline-block;width:0;height:1em;margin:0 .2em;border-left:2px dotted var(--accent);vertical-align:-.12em}
    .under{margin:.35rem 0 0}
    .quiet{margin:0}
    .letter h2{overflow-wrap:anywhere}
    .letter .under{margin:.1rem 0 .75rem;overflow-wrap:anywhere}
    iframe{display:block;width:100%;height:20rem;border:1px solid var(--line);border-radius:10px;background:#fff;
    color-scheme:light;resize:vertical}
    .plain,.code{margin:0;font:.9rem/1.55 ui-monospace,"SF Mono","DejaVu Sans Mono","Noto Sans Mono",monospace}
    .plain{white-space:pre-wrap;overflow-wrap:anywhere}
    .code{overflow-x:auto;padding:.8rem 1rem;border-radius:10px;border:1px solid var(--line);background:var(--paper);
    font-size:.82rem}
    .steps{list-style:none;margin:0;padding:0 0 0 1.1rem;border-left:2px solid var(--tint)}
    .steps li{margin:0 0 .55rem;overflow-wrap:anywhere}
    .steps li:last-child{margin-bottom:0}
    .say{max-width:38rem}
    .say small{white-space:nowrap}
    .gather>.act{margin:0;padding-top:.3rem;padding-left:1.1rem;border-left:2px solid var(--accent)}
    .gather>.steps{border-left-color:var(--accent)}
    details{margin-top:.7rem}
    summary{cursor:pointer;color:var(--soft);font-size:.85rem;width:fit-content}
    details[open]>summary{margin-bottom:.5rem}
    dl{display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:.2rem 1rem;margin:0;font-size:.82rem}
    dt{color:var(--soft)}
    dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
    .welcome,.notes{border:1px solid var(--line);border-radius:var(--radius);padding:1rem 1.15rem;background:var(--card);
    margin:0 0 .9rem}
    .welcome p{margin:.4rem 0 .9rem}
    .welcome p:last-child{margin:.9rem 0 0}
    .notes p{font-size:.9rem}
    .notes summary{color:var(--ink);font-size:.95rem}
    table{border-collapse:collapse;font-size:.9rem;width:100%}
    th,td{text-align:left;font-weight:400;padding:.4rem 1rem .4rem 0;border-top:1px solid var(--line);vertical-align:top}
    tr:first-child>*{border-top:0}
    th{width:40%}
    td{color:var(--soft)}
    .pager{display:flex;gap:1.5rem;justify-content:center;margin:1.5rem 0}
    main:has(article)+*{margin-top:1.6rem}
    @media(max-width:40rem){body{padding:1.4rem .9rem 3rem}
    .tiles{grid-template-columns:repeat(2,1fr);gap:.6rem;margin-top:1.25rem}
    .tiles b{font-size:1.4rem}
    article{padding:.9rem}
    article>header{grid-template-columns:auto 1fr;align-items:start}
    .when{grid-column:2;text-align:left}
    .badge{margin:0 .5rem 0 0}
    .search .follow{margin-left:0;width:100%}
    dl{grid-template-columns:1fr}
    dd{margin-bottom:.35rem}}
    """
