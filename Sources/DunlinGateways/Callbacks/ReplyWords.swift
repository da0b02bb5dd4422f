// SPDX-License-Identifier: Apache-2.0

/// What people write who want no more messages, in one language; entries are separated by commas.
///
/// The words of English, `arret` and `td` are those that Twilio, Telnyx and AWS document; all others are from memory and
/// want the eye of somebody who speaks the language.
struct ReplyWords {
    /// The first part of the language's tag.
    let language: String
    /// Opt-outs as a whole message; inside of a longer one they make it a doubt.
    let optOut: String
    /// Opt-outs as a whole message only: ordinary words otherwise.
    var alone = ""
    /// Opt-outs as a whole message of somebody who is written to in this language; a doubt for all others.
    var local = ""
    var optIn = ""
    var help = ""
    /// Doubts, wherever they stand; `*` at the end of one: also as the beginning of a word. In scripts that do not put spaces
    /// between words, or join short words to others, they may stand anywhere. A wrong number is among them: the words say
    /// that we write to somebody else.
    let doubts: String

    static let all: [ReplyWords] = [
        // YES is left out, which some gateways take for START: it may answer the question that the reminder asks.
        ReplyWords(
            language: "en", optOut: "stop, stop all, unsubscribe, cancel, revoke, opt out, remove, td",
            alone: "end, quit",
            optIn: "start, unstop, opt in", help: "help, info",
            doubts: """
                stop*, unsub*, opt me out, opting out, remove me, take me off, off your list, delete my number, leave me alone,
                quit texting, quit calling, quit sending, quit messaging, do not text, dont text, do not call, dont call,
                do not contact, dont contact, do not message, dont message, do not send, dont send, do not email,
                dont email, no more texts, no more messages, no more sms, no more calls, no more emails, not text me,
                not contact me, lose my number, harass*, cease*, revok*, end this, end these, wrong number, wrong person
                """),
        ReplyWords(
            language: "de", optOut: "stopp, abmelden, abbestellen, austragen", optIn: "starten", help: "hilfe",
            doubts: """
                abmeld*, abbestell*, austrag*, keine sms mehr, keine nachrichten mehr, keine mails mehr, keine anrufe mehr,
                nicht mehr schreiben, nicht mehr anschreiben, nicht mehr anrufen, nicht mehr kontaktieren, nicht mehr melden,
                schreibt mir nicht, schreiben sie mir nicht, hört auf, hören sie auf, hoert auf, aufhören, aufhoeren, in ruhe,
                lasst mich, widerspr*, widerruf*, kündig*, kuendig*, löscht*, löschen, loeschen, belästig*, belaestig*,
                falsche nummer, falsche person
                """),
        // 'Cancelar' is also to pay a debt off.
        ReplyWords(
            language: "es", optOut: "detener", alone: "alto, baja, cancelar, parar", optIn: "iniciar, alta",
            help: "ayuda",
            doubts: """
                parar de, pare de, pare, paren, de baja, no me envi*, no me mand*, no me escrib*, no me llam*, no más mensajes,
                no más sms, no más llamadas, no quiero más, no quiero recibir, dejen de, dejar de, deja de, deje de, basta,
                no molest*, molestar*, borren mi, borrar mi, eliminen mi, eliminar mi, número equivocado, se equivoc*
                """),
        ReplyWords(
            language: "fr", optOut: "arrêter, arrêtez, désabonner, désinscrire, désinscription, désabonnement",
            alone: "arrêt", help: "aide",
            doubts: """
                arrête*, désabon*, désinscri*, ne plus recevoir, plus de sms, plus de messages, plus de mails, plus d'appels,
                ne m'écri*, ne m'envo*, ne m'appel*, ne me contact*, ne me dérang*, laissez moi, laisse moi, cessez*,
                supprimez, retirez moi, harcel*, mauvais numéro, faux numéro, mauvaise personne
                """),
        ReplyWords(
            language: "it", optOut: "annulla, disiscrivi, disiscrivimi, cancellami", optIn: "inizia", help: "aiuto",
            doubts: """
                smett*, basta, cancellatemi, disiscri*, non mandat*, non scriv*, non chiam*, non contatt*, non inviat*,
                non voglio più, non mi mand*, non mi scriv*, non mi chiam*, lasciatemi, lasciami, toglietemi, rimuov*,
                numero sbagliato, persona sbagliata
                """),
        ReplyWords(
            language: "pt", optOut: "descadastrar", alone: "sair, remover, pare", optIn: "iniciar", help: "ajuda",
            doubts: """
                parem, parem de, para de, não me mand*, não me envi*, não me lig*, não mande*, não envie*, não ligue*,
                não quero mais, não quero receber, descadastr*, me tire*, me remov*, remova*, chega de, deixem de, deixe de,
                não perturb*, número errado, pessoa errada, não sou eu
                """),
        ReplyWords(
            language: "id", optOut: "berhenti, hentikan, unreg", alone: "batal", optIn: "mulai", help: "bantuan",
            doubts: """
                hentikan*, unreg*, jangan kirim*, jangan hubungi*, jangan sms*, jangan wa, jangan telepon*, jangan telp*,
                jangan ganggu*, mengganggu, hapus nomor, salah nomor, salah sambung, salah orang
                """),
        // Without its marks 'dừng' (stop) is written as 'đúng' (right), so that it stands among the doubts only with others.
        ReplyWords(
            language: "vi", optOut: "từ chối", alone: "hủy", local: "tc", help: "trợ giúp",
            doubts: """
                dừng gửi, dừng nhận, dừng lại, dừng gọi, dừng nhắn, đừng nhắn, đừng gửi, đừng gọi, ngừng gửi, ngừng nhận,
                ngừng gọi, ngừng nhắn, ngưng gửi, không gửi nữa, không nhắn nữa, không nhận, hủy đăng ký, làm phiền,
                nhầm số, nhầm người, sai số
                """),
        ReplyWords(
            language: "ru", optOut: "стоп, отписаться, отписка, отпишите", alone: "отмена, отказ", optIn: "старт",
            help: "помощь, справка",
            doubts: """
                отпис*, отпиш*, прекрат*, хватит, не пиш*, не звон*, не присыл*, не шлите, не беспоко*, не отправл*, больше не,
                отстан*, отказываюсь, удалите, ошиблись, не тот номер, не туда
                """),
        // 'ابدأ' (start) is left out: without its mark it is 'never'.
        ReplyWords(
            language: "ar", optOut: "إيقاف, توقف, إلغاء, قف, إلغاء الاشتراك", optIn: "اشتراك", help: "مساعدة",
            doubts:
                "توقف, أوقف, إيقاف, إلغاء, لا ترسل, لا تتصل, لا تراسل, لا أريد, كفى, إزعاج, احذف, رقم خطأ, الرقم غلط"),
        ReplyWords(
            language: "hi", optOut: "बंद, बंद करो, बंद करें, रोको, रोकें", optIn: "शुरू", help: "मदद, सहायता",
            doubts: """
                बंद*, रोक*, मत भेज*, मत कर*, परेशान*, फोन मत, मैसेज मत, गलत नंबर, band karo, band kar*, mat bhej*, mat karo,
                pareshan*, galat number
                """),
        ReplyWords(
            language: "ja", optOut: "停止, 配信停止, 配信解除, 解除, 退会, 中止, ストップ, ｽﾄｯﾌﾟ, 拒否, 受信拒否", optIn: "再開, 配信再開, 開始",
            help: "ヘルプ",
            doubts: """
                送らないで, 送るな, 送信しないで, 連絡しないで, 連絡するな, 電話しないで, 電話するな, やめて, 止めて, 不要です, いりません, 要りません, 迷惑,
                間違い電話, 間違いです, 人違い, 番号が違
                """),
        ReplyWords(
            language: "ko", optOut: "수신거부, 거부, 중지, 정지, 해지, 그만", optIn: "수신동의, 시작", help: "도움말, 도움",
            doubts: """
                보내지마, 보내지말, 연락하지마, 연락하지말, 전화하지마, 전화하지말, 중단, 차단, 스팸, 잘못보내, 번호틀, 번호가틀, 다른사람
                """),
        ReplyWords(
            language: "th", optOut: "หยุด, ยกเลิก, เลิกส่ง, ยกเลิกรับ", optIn: "เริ่ม", help: "ช่วยเหลือ",
            doubts: "อย่าส่ง, อย่าโทร, ไม่ต้องส่ง, ไม่ต้องโทร, อย่าติดต่อ, รบกวน, ผิดเบอร์, เบอร์ผิด, ผิดคน"),
        ReplyWords(
            language: "zh", optOut: "退订, 退訂, 取消, 拒收, 停止, 取消订阅, 取消訂閱, 停止发送, 停止發送, 回t, 退订t, 回t退订", local: "t, n, r, 退, 停",
            optIn: "订阅, 訂閱, 开始", help: "帮助, 幫助",
            doubts: """
                别再发, 別再發, 不要再发, 不要再發, 不要发, 不要發, 别发, 別發, 别再打, 別再打, 不要再打, 不要打, 别打, 別打, 不要联系, 不要聯絡, 别联系,
                別聯絡, 骚扰, 騷擾, 勿扰, 勿擾, 投诉, 投訴, 举报, 舉報, 拉黑, 屏蔽, 打错, 打錯, 发错, 發錯, 不是本人, 认错人, 認錯人
                """),
    ]
}
