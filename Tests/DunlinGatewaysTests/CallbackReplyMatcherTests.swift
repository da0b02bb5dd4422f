// SPDX-License-Identifier: Apache-2.0

import DunlinTestKit
import Foundation
import Testing

@testable import DunlinGateways

@Suite struct CallbackReplyMatcherTests {
    typealias Row = (language: String?, meaning: ReplyMeaning, texts: [String])

    private static let rows: [Row] = [
        (
            "en", .optOut,
            ["STOP", "stop", " Stop. ", "“STOP”", "'stop'", "STOP!!! 🛑", "Ｓｔｏｐ", "s t o p", "STOPALL", "stop all"]
        ),
        (
            "en", .optOut,
            ["Unsubscribe", "CANCEL", "END", "quit", "REVOKE", "opt-out", "OptOut", "stop stop STOP", "stop\u{200B}"]
        ),
        ("en", .optOut, ["𝐒𝐓𝐎𝐏", "𝓼𝓽𝓸𝓹", "𝚂𝚝𝚘𝚙", "ⓈⓉⓄⓅ", "ⓢⓣⓞⓟ", "🅂🅃🄾🄿", "🅢🅣🅞🅟", "🆂🆃🅾🅿️"]),
        ("en", .perhapsOptOut, ["🛑", "⛔️ 🚫", "enough 🛑"]),
        ("en", .optIn, ["START", "unstop", "Opt in."]), ("en", .help, ["HELP", "info?"]),
        (
            "en", .perhapsOptOut,
            ["please stop texting me", "STOP PLEASE", "unsubscribe me pls", "Can you stop by the office?"]
        ),
        (
            "en", .perhapsOptOut,
            ["Don't text me again", "dont text", "take me off your list", "wrong number mate", "STOPP IT NOW"]
        ),
        (
            "en", .perhapsOptOut,
            ["Stopped reading after HELP", "I want to cancel", "No more messages", "lose my number!"]
        ),
        ("en", .other, ["I paid", "I will pay at the end of the month", "yes", "YES", "no", "ok", "", " ", "…", "👍"]),
        (
            "en", .other,
            ["I quit my job", "I need help", "when does it start?", "nonstop", "weekend", "the info please"]
        ),
        ("de", .optOut, ["Stopp", "STOP", "Abmelden!", "abbestellen"]), ("de", .help, ["Hilfe"]),
        (
            "de", .perhapsOptOut,
            ["bitte nicht mehr schreiben", "Hören Sie auf!", "lassen Sie mich in Ruhe", "Falsche Nummer"]
        ),
        ("de", .other, ["Ich habe bezahlt", "am Ende des Monats", "gestoppt? nein", "Haltestelle"]),
        ("es", .optOut, ["ALTO", "Baja", "cancelar", "PARAR", "stop"]), ("es", .optIn, ["alta"]),
        ("es", .help, ["AYUDA"]),
        (
            "es", .perhapsOptOut,
            ["quiero darme de baja", "no me escriban más", "No me envíen mensajes", "número equivocado"]
        ),
        (
            "es", .other,
            ["quiero cancelar mi deuda", "la parte más alta", "es para mañana", "parece que sí", "ya pagué"]
        ),
        ("fr", .optOut, ["ARRET", "ARRÊT", "Arre\u{302}t", "arrêtez !", "désabonner", "stop"]), ("fr", .help, ["aide"]),
        ("fr", .perhapsOptOut, ["arrêtez de m'écrire", "ne m’écrivez plus", "mauvais numéro"]),
        ("fr", .other, ["je suis en arrêt maladie", "j'ai payé", "demain"]),
        ("hi", .optOut, ["STOP", "बंद करो", "बंद"]), ("hi", .help, ["मदद"]),
        ("hi", .perhapsOptOut, ["कृपया मैसेज बंद करें", "मुझे परेशान मत करो", "message band karo"]),
        ("hi", .other, ["मैंने भुगतान कर दिया", "कल दूंगा"]),
        ("id", .optOut, ["BERHENTI", "stop", "Hentikan"]), ("id", .help, ["bantuan"]), ("id", .optIn, ["mulai"]),
        ("id", .perhapsOptOut, ["jangan kirim sms lagi", "salah nomor pak"]),
        ("id", .other, ["sudah saya bayar", "besok ya"]),
        ("it", .optOut, ["ANNULLA", "Stop"]),
        ("it", .perhapsOptOut, ["basta messaggi", "smettetela", "numero sbagliato"]),
        ("it", .other, ["ho già pagato", "domani"]),
        ("pt-BR", .optOut, ["SAIR", "descadastrar", "PARE", "stop"]),
        ("pt-BR", .perhapsOptOut, ["não me mande mais mensagem", "nao me ligue mais", "número errado"]),
        ("pt-BR", .other, ["vou sair mais cedo", "já paguei", "parece que sim", "é para amanhã"]),
        ("ru", .optOut, ["СТОП", "стоп!", "отписаться"]), ("ru", .help, ["помощь"]),
        ("ru", .perhapsOptOut, ["больше не пишите мне", "прекратите", "отпишите меня", "вы ошиблись номером"]),
        ("ru", .other, ["я оплатил", "завтра переведу", "нет денег"]),
        ("ar", .optOut, ["إيقاف", "ايقاف", "إِيقَاف", "الغاء"]), ("ar", .help, ["مساعدة"]),
        ("ar", .perhapsOptOut, ["لا ترسل لي رسائل", "رقم خطأ", "أرجو إيقاف الرسائل"]),
        ("ar", .other, ["دفعت أمس", "أبدا", "غدا"]),
        ("ja", .optOut, ["停止", "配信停止", "「停止」", "ストップ"]), ("ja", .help, ["ヘルプ"]),
        ("ja", .perhapsOptOut, ["もう送らないでください", "連絡しないで", "やめて", "人違いです"]),
        ("ja", .other, ["払いました", "明日払います"]),
        ("ko", .optOut, ["수신거부", "수신 거부", "거부"]), ("ko", .optIn, ["수신동의"]),
        ("ko", .perhapsOptOut, ["문자 보내지 마세요", "연락하지 마세요", "번호가 틀렸어요"]), ("ko", .other, ["입금했습니다", "내일 낼게요"]),
        ("th", .optOut, ["หยุด", "ยกเลิก"]), ("th", .perhapsOptOut, ["อย่าส่งข้อความมาอีก", "ผิดเบอร์ค่ะ"]),
        ("th", .other, ["จ่ายแล้ว", "พรุ่งนี้"]),
        ("vi", .optOut, ["HUY", "hủy", "TC", "từ chối"]),
        ("vi", .perhapsOptOut, ["dung gui tin nhan", "đừng nhắn tin nữa", "nhầm số rồi"]),
        ("vi", .other, ["đúng", "dung roi", "em đã trả rồi", "mai em trả"]),
        ("zh-Hans", .optOut, ["退订", "TD", "td。", "T", "n", "R", "拒收", "取消", "【退订】", "回T"]), ("zh-Hans", .help, ["帮助"]),
        ("zh-Hans", .perhapsOptOut, ["别再发了", "不要再发短信了", "退订谢谢", "打错了吧", "我要投诉"]),
        ("zh-Hans", .other, ["已还款", "明天还", "好的", "停车费"]),
        ("zh-Hant", .optOut, ["退訂", "停止"]), ("zh-Hant", .perhapsOptOut, ["別再發了", "打錯電話"]), ("zh-Hant", .other, ["已付款"]),
        // Too short to be sure of in another language than their own.
        ("en", .perhapsOptOut, ["T", "n"]), (nil, .perhapsOptOut, ["R", "TC"]),
        (nil, .optOut, ["STOP", "退订", "ARRET"]),
        // Somebody else than we thought, or in another language than ours.
        ("de", .optOut, ["ARRET", "退订"]), ("zh-Hans-CN", .optOut, ["T"]), ("ZH_tw", .optOut, ["N"]),
    ]

    @Test(arguments: rows.indices) func meanings(index: Int) {
        let row = CallbackReplyMatcherTests.rows[index]
        for text in row.texts {
            let meaning = ReplyMatcher.meaning(of: text, language: row.language)
            #expect(meaning == row.meaning, "\(row.language ?? "?"): \(text)")
        }
    }

    /// A word that means one thing in one language and another in the next would be judged by the order of the code.
    @Test func noWordHasTwoMeanings() {
        var seen: [String: String] = [:]
        for words in ReplyWords.all {
            for (meaning, list) in [
                ("out", words.optOut), ("out", words.alone), ("local", words.local), ("in", words.optIn),
                ("help", words.help),
            ] {
                for word in list.split(separator: ",") {
                    let folded = ReplyText.words(String(word)).joined()
                    #expect(!folded.isEmpty && seen[folded, default: meaning] == meaning, "\(words.language): \(word)")
                    seen[folded] = meaning
                }
            }
        }
    }

    @Test func everyLanguageOfTheLibraryHasItsWords() throws {
        let folder = AdapterFixture.repository.appending(path: "templates/payment-overdue")
        let languages = try FileManager.default.contentsOfDirectory(atPath: folder.path).compactMap {
            $0.hasSuffix(".yaml") ? nil : $0.split(separator: "-").first
        }
        #expect(languages.count >= 16)
        for language in languages { #expect(ReplyWords.all.contains { $0.language == language }, "\(language)") }
    }

    /// Whatever somebody writes has one meaning, and a word that stands in it alone does not depend on what is around it.
    @Test func isTotal() {
        let pieces = ["stop", "退订", "\u{202E}", "e\u{301}", "🛑", " ", "\n", "'", "ﷺ", "\u{0}", "T", "نا", "हिन्दी", "ﾄﾞ"]
        for number in 0..<300 {
            var fuzzer = Fuzzer(number: UInt64(number), pieces: pieces)
            let text = String(decoding: fuzzer.spoiled("please stop sending me these"), as: UTF8.self)
            let language = fuzzer.one(of: [nil, "en", "zh-Hans", "ar", "", "-"])
            let meaning = ReplyMatcher.meaning(of: text, language: language)
            #expect(meaning == ReplyMatcher.meaning(of: " \"\(text)\" ", language: language))
        }
    }
}
