# SPDX-License-Identifier: Apache-2.0
"""Where our tables differ from libphonenumber's (phonenumbers 9.0.43) on purpose, for places_check.py.

Each entry: prefixes of numbers, what ours must be instead (zones, or countries for all of theirs in zone.tab), the
reason. In a number block of which we know less than the library seems to, ours are all zones of the country: then all of
them must allow.
"""

# Area codes laid over an older one's whole area, of which the library knows a part: ours are the older one's zones.
OVERLAYS = {"1364": "1270", "1448": "1850", "1458": "1541", "1930": "1812"}

CANADA_WEST = "America/Vancouver America/Edmonton America/Creston America/Dawson_Creek America/Fort_Nelson"
CANADA_NORTH = (
    "America/Whitehorse America/Dawson America/Edmonton America/Inuvik America/Iqaluit America/Atikokan"
    " America/Resolute America/Rankin_Inlet America/Cambridge_Bay"
)
AUSTRALIA_08 = "Australia/Adelaide Australia/Darwin Australia/Perth Australia/Eucla Australia/Broken_Hill"

DIFFERENCES = [
    # The North American plan: the area code's whole area, against all of the library's exchanges in it.
    ("1236 1250 1257 1672 1778", CANADA_WEST, "the Peace River and Creston areas keep Mountain time all year"),
    ("1273 1367 1418 1581", "America/Toronto America/Halifax America/Blanc-Sablon",
     "the Lower North Shore keeps Atlantic standard time; overlays"),
    ("1306 1474 1639", "America/Regina America/Swift_Current America/Edmonton", "Lloydminster follows Alberta; 474 is not"
     " Manitoba's but laid over 306 and 639"),
    ("1689", "America/New_York", "laid over 407, Orlando, not in Central time"),
    ("1807", "America/Toronto America/Winnipeg America/Atikokan", "Atikokan keeps Eastern standard time all year"),
    ("1867", CANADA_NORTH, "the three territories; none of them is on Pacific time any more"),
    ("1879", "America/St_Johns America/Goose_Bay", "laid over 709; Labrador keeps daylight saving time"),
    ("1907", "America/Anchorage America/Adak", "the Aleutians are not on Hawaii's clock: daylight saving time"),
    # Countries that the library gives another country's zone.
    ("211", "Africa/Juba", "Central Africa Time since 2021"),
    ("212", "Africa/Casablanca", "an hour ahead of the Canaries in winter; Ramadan"),
    ("213", "Africa/Algiers", "no daylight saving time"),
    ("218", "Africa/Tripoli", "no daylight saving time"),
    ("505", "America/Managua", "no daylight saving time"),
    ("970", "Asia/Gaza Asia/Hebron", "changes on days of its own"),
    ("740", "Europe/Kaliningrad", "no daylight saving time"),
    ("7845", "Europe/Saratov", "an hour ahead of Moscow since 2016"),
    # Parts of countries.
    ("243", "CD", "which area codes lie in the east is not sure but for 1 and 2"),
    ("26281 26282 26288 26289", "RE YT", "services of both"),
    ("299", "GL", "mobile numbers; Danmarkshavn"),
    ("344 345 346 347 348 3490 3499", "ES", "mobile and service numbers: of the Canaries, too"),
    ("34827", "Europe/Madrid", "Cáceres, laid over 927"),
    ("3512", "PT", "290, 293, 294, … are not assigned"),
    ("38065 380692", "Europe/Simferopol", "Crimea"),
    ("52", "MX", "area codes that are not assigned, or not of a place"),
    ("526", "America/Chihuahua", "Chihuahua left Mountain time in 2022"),
    ("52636", "America/Chihuahua America/Ciudad_Juarez", "Nuevo Casas Grandes and the border"),
    ("52657", "America/Ciudad_Juarez", "laid over 656"),
    ("52862 52891 52892", "America/Monterrey America/Matamoros", "partly on the border"),
    ("52868 52897", "America/Matamoros", "on the border"),
    ("55", "BR", "area codes that are not assigned"),
    ("5555", "America/Sao_Paulo", "Rio Grande do Sul"),
    ("5567", "America/Campo_Grande", "Mato Grosso do Sul"),
    ("5569", "America/Porto_Velho", "Rondônia"),
    ("5581", "America/Recife America/Noronha", "Pernambuco: Recife, and the island of Noronha"),
    ("5591 5593 5594 5596 5598 5599", "America/Belem", "Pará, Amapá, Maranhão"),
    ("5592", "America/Manaus", "Amazonas"),
    ("5597", "America/Manaus America/Eirunepe", "Amazonas to its west"),
    ("56", "CL", "mobile numbers; the library has neither Easter Island nor the south"),
    ("5632", "America/Santiago Pacific/Easter", "Valparaíso and Easter Island"),
    ("5661", "America/Punta_Arenas", "Magallanes: no daylight saving time"),
    ("5667", "America/Coyhaique", "Aysén: no daylight saving time since 2025"),
    ("5939", "EC", "mobile numbers: of the Galápagos, too"),
    ("61", "AU CC CX", "mobile and service numbers; the library has no Northern Territory"),
    ("617", "Australia/Brisbane", "Queensland"),
    ("61746 61755 61756", "Australia/Brisbane Australia/Sydney", "Tweed Heads and Goondiwindi's neighbours have 07, too"),
    ("618", AUSTRALIA_08, "one rate area; the library has no Northern Territory"),
    ("61891", "Australia/Perth Australia/Eucla Indian/Christmas", "Western Australia or Christmas Island"),
    ("61891", "Australia/Perth Australia/Eucla Indian/Cocos", "Western Australia or the Cocos Islands"),
    ("62", "ID", "mobile and service numbers, and area codes that are not assigned or cross a border of zones"),
    ("6237", "Asia/Makassar", "West Nusa Tenggara"),
    ("6290 6291 6292 6295 6296 6297 6298", "Asia/Jayapura", "the Moluccas and Papua"),
    ("641 642 645 648", "NZ", "mobile and service numbers: of the Chathams, too"),
    ("64330", "NZ", "3 305 is the Chathams', not all of 3 30"),
    ("675", "PG", "Bougainville is an hour ahead"),
    ("6894 68988 68989", "PF", "the prefix tells the operator, not the island"),
    ("6913", "FM", "not assigned"),
    ("7", "RU", "mobile numbers, and area codes that are not assigned"),
    ("76 77", "KZ", "Kazakhstan, one clock since 2024"),
    ("780 7810", "", "toll-free and service numbers of Russia and Kazakhstan"),
    ("7411", "Asia/Yakutsk Asia/Khandyga Asia/Ust-Nera Asia/Srednekolymsk", "Yakutia has three clocks"),
    ("7840 7940", "Europe/Moscow Asia/Tbilisi", "Abkhazia, in a Russian block"),
    ("861", "CN", "mobile numbers: of Xinjiang, too"),
    ("86", "CN", "Xinjiang, and numbers of no place"),
    ("90392", "CY TR", "Northern Cyprus, in a Turkish block"),
    ("976", "MN", "mobile numbers: of the west, too"),
    ("97614 97624 976", "Asia/Ulaanbaatar", "the provinces of 142, 143 and 145 alone keep Hovd's time"),
]

# Our codes for what the library calls by codes that are reserved, or that are subdivisions here.
OWN_CODES = {
    "AC": "SH-AC", "TA": "SH-TA", "SH": "SH-HL", "AS": "US-AS", "GU": "US-GU", "MP": "US-MP", "PR": "US-PR",
    "VI": "US-VI",
}

# Example numbers of kinds that both countries have together.
REGION_DIFFERENCES = {"SJ": ["NO"], "VA": ["IT"]}

# Area codes with an exchange that the library describes by the neighbouring state.
AREA_DIFFERENCES = {"201": ["US-NJ"]}
