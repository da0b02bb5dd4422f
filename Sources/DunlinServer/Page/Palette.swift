// SPDX-License-Identifier: Apache-2.0

/// Paper and ink by day, slate by night: the colours of every page, as custom properties of CSS. A page that sets
/// `color-scheme` on its root chooses one of the two.
let palette: HTML = """
    :root{color-scheme:light dark;--paper:light-dark(#f5f3ee,#15191b);--card:light-dark(#fffefb,#1d2225);\
    --ink:light-dark(#23282b,#e4e6e4);--soft:light-dark(#636a6e,#98a1a4);--line:light-dark(#e3dfd6,#2e3538);\
    --accent:light-dark(#17676a,#79c3c1);--tint:light-dark(#e2eeec,#21393a);--alarm:light-dark(#9a3f1d,#eba17f);\
    --alarm-tint:light-dark(#f8e9e1,#3a2720);--radius:14px}
    """
