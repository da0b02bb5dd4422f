# SPDX-License-Identifier: Apache-2.0
"""Recipients in the four languages, awake right now, each to be told from all others by creditor and amount."""
import re

from support import Failed, make_row, open_cities

MESSAGES = ("payment-due-soon", "payment-due-today", "payment-overdue", "payment-received")
LANGUAGES = {
    "en-US": ("Alex O’Kim", "Harbor Credit"),
    "es-MX": ("Íñigo Núñez", "Crédito Azul"),
    "zh-Hans": ("陈美玲", "狮城金融"),
    "zh-Hant-HK": ("何詠詩", "維港財務"),
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def rows(count, channel, prefix="p", **more):
    """Reminders over one channel, through all messages and languages in turn. Under us-reg-f, open every day."""
    cities = open_cities(8, 21)
    if not cities:
        raise Failed("no city is awake; this cannot be")
    made = []
    for number in range(count):
        locale = list(LANGUAGES)[number % 4]
        name, creditor = LANGUAGES[locale]
        made.append(make_row(
            f"{prefix}{number}", zone=cities[number % len(cities)], channels=(channel,), locale=locale, name=name,
            message=MESSAGES[number // 4 % 4], creditor=f"{creditor} {number:04}", amount=f"{100 + number}.25",
            phone=f"+999{number:09}", email=f"person{number:04}@example.com", **more))
    return made


def is_chinese(row):
    return row["recipient"]["locale"].startswith("zh")
