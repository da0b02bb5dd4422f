// SPDX-License-Identifier: Apache-2.0

/// The words of ``UnsubscribePage``, in the languages of the shipped messages.
struct UnsubscribeWords {
    let language: String
    let title, question, button, done, unknown, failed: String

    /// The first that the header asks for, by its weights (RFC 9110, section 12.5.4); English where none fits.
    static func best(for acceptLanguage: String) -> UnsubscribeWords {
        let wished = acceptLanguage.split(separator: ",").prefix(32).map { range -> (tag: String, weight: Double) in
            let pieces = range.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            return (pieces.first ?? "", weight)
        }
        // A stable sort: of equal weights the first.
        for (tag, weight) in wished.enumerated().sorted(by: {
            ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset)
        }).map(\.element) where weight > 0 {
            if let words = all.first(where: { $0.fits(tag) }) { return words }
        }
        return all[0]
    }

    private func fits(_ tag: String) -> Bool {
        let parts = tag.split(separator: "-")
        guard parts.first == "zh" else { return parts.first.map { language.lowercased().hasPrefix($0) } ?? false }
        let isTraditional = parts.contains { ["hant", "tw", "hk", "mo"].contains($0) }
        return language == (isTraditional ? "zh-Hant" : "zh-Hans")
    }

    static let all = [
        UnsubscribeWords(
            language: "en", title: "Emails from us",
            question: "Would you like to stop getting emails like this at your address?",
            button: "Stop these emails", done: "Done. We will not write to this address any more.",
            unknown: "This link is not complete. Please open it again from the email.",
            failed: "That did not work just now. Please try again in a few minutes."),
        UnsubscribeWords(
            language: "de", title: "E-Mails von uns",
            question: "Möchten Sie an Ihre Adresse keine solchen E-Mails mehr bekommen?",
            button: "Keine E-Mails mehr", done: "Erledigt. Wir schreiben nicht mehr an diese Adresse.",
            unknown: "Dieser Link ist nicht vollständig. Bitte öffnen Sie ihn noch einmal aus der E-Mail.",
            failed: "Das hat gerade nicht geklappt. Bitte versuchen Sie es in ein paar Minuten noch einmal."),
        UnsubscribeWords(
            language: "es", title: "Nuestros correos",
            question: "¿Desea dejar de recibir correos como este en su dirección?",
            button: "No recibir más correos", done: "Hecho. No escribiremos más a esta dirección.",
            unknown: "Este enlace no está completo. Ábralo de nuevo desde el correo, por favor.",
            failed: "Ahora mismo no ha funcionado. Inténtelo de nuevo en unos minutos, por favor."),
        UnsubscribeWords(
            language: "fr", title: "Nos e-mails",
            question: "Souhaitez-vous ne plus recevoir ce genre d’e-mails à votre adresse ?",
            button: "Ne plus recevoir d’e-mails", done: "C’est fait. Nous n’écrirons plus à cette adresse.",
            unknown: "Ce lien n’est pas complet. Veuillez l’ouvrir à nouveau depuis l’e-mail.",
            failed: "Cela n’a pas fonctionné. Veuillez réessayer dans quelques minutes."),
        UnsubscribeWords(
            language: "it", title: "Le nostre e-mail",
            question: "Desidera non ricevere più e-mail come questa al Suo indirizzo?",
            button: "Non ricevere più e-mail", done: "Fatto. Non scriveremo più a questo indirizzo.",
            unknown: "Questo link non è completo. Lo apra di nuovo dall’e-mail, per favore.",
            failed: "Al momento non ha funzionato. Riprovi tra qualche minuto, per favore."),
        UnsubscribeWords(
            language: "pt-BR", title: "Nossos e-mails",
            question: "Deseja deixar de receber e-mails como este no seu endereço?",
            button: "Não receber mais e-mails", done: "Pronto. Não escreveremos mais para este endereço.",
            unknown: "Este link não está completo. Abra-o novamente a partir do e-mail, por favor.",
            failed: "Não funcionou agora. Tente novamente em alguns minutos, por favor."),
        UnsubscribeWords(
            language: "ru", title: "Наши письма", question: "Вы хотите больше не получать такие письма на этот адрес?",
            button: "Больше не присылать", done: "Готово. Мы больше не будем писать на этот адрес.",
            unknown: "Ссылка неполная. Пожалуйста, откройте её из письма ещё раз.",
            failed: "Сейчас не получилось. Пожалуйста, попробуйте ещё раз через несколько минут."),
        UnsubscribeWords(
            language: "ar", title: "رسائلنا الإلكترونية",
            question: "هل تودّون التوقف عن تلقي مثل هذه الرسائل على عنوانكم؟",
            button: "إيقاف هذه الرسائل", done: "تم. لن نكتب إلى هذا العنوان بعد الآن.",
            unknown: "هذا الرابط غير مكتمل. يُرجى فتحه من الرسالة مرة أخرى.",
            failed: "لم ينجح ذلك الآن. يُرجى المحاولة مرة أخرى بعد بضع دقائق."),
        UnsubscribeWords(
            language: "hi", title: "हमारे ईमेल", question: "क्या आप अपने पते पर ऐसे ईमेल पाना बंद करना चाहते हैं?",
            button: "ये ईमेल बंद करें", done: "हो गया। अब हम इस पते पर नहीं लिखेंगे।",
            unknown: "यह लिंक अधूरा है। कृपया इसे ईमेल से दोबारा खोलें।",
            failed: "अभी यह नहीं हो पाया। कृपया कुछ मिनट बाद फिर कोशिश करें।"),
        UnsubscribeWords(
            language: "id", title: "Email dari kami",
            question: "Apakah Anda ingin berhenti menerima email seperti ini di alamat Anda?",
            button: "Hentikan email ini", done: "Selesai. Kami tidak akan menulis lagi ke alamat ini.",
            unknown: "Tautan ini tidak lengkap. Silakan buka lagi dari email.",
            failed: "Saat ini belum berhasil. Silakan coba lagi beberapa menit lagi."),
        UnsubscribeWords(
            language: "vi", title: "Email của chúng tôi",
            question: "Quý khách có muốn ngừng nhận những email như thế này không?",
            button: "Ngừng nhận email", done: "Đã xong. Chúng tôi sẽ không gửi đến địa chỉ này nữa.",
            unknown: "Liên kết này không đầy đủ. Xin mở lại từ email.",
            failed: "Hiện chưa thực hiện được. Xin thử lại sau vài phút."),
        UnsubscribeWords(
            language: "th", title: "อีเมลจากเรา", question: "คุณต้องการหยุดรับอีเมลเช่นนี้หรือไม่",
            button: "หยุดรับอีเมล", done: "เรียบร้อยแล้ว เราจะไม่ส่งอีเมลถึงที่อยู่นี้อีก",
            unknown: "ลิงก์นี้ไม่สมบูรณ์ โปรดเปิดจากอีเมลอีกครั้ง",
            failed: "ขณะนี้ยังทำไม่สำเร็จ โปรดลองอีกครั้งในอีกไม่กี่นาที"),
        UnsubscribeWords(
            language: "ja", title: "メールの配信について", question: "このようなメールの配信を停止しますか。",
            button: "配信を停止する", done: "手続きが完了しました。今後このアドレスにはお送りしません。",
            unknown: "リンクが正しくありません。もう一度メールから開いてください。",
            failed: "現在お手続きできませんでした。数分後にもう一度お試しください。"),
        UnsubscribeWords(
            language: "ko", title: "메일 수신 안내", question: "이런 메일을 더 이상 받지 않으시겠습니까?",
            button: "메일 받지 않기", done: "처리되었습니다. 이 주소로 더 이상 메일을 보내지 않겠습니다.",
            unknown: "링크가 완전하지 않습니다. 메일에서 다시 열어 주세요.",
            failed: "지금은 처리되지 않았습니다. 몇 분 후에 다시 시도해 주세요."),
        UnsubscribeWords(
            language: "zh-Hans", title: "我们的邮件", question: "您是否希望不再收到此类邮件？",
            button: "不再接收", done: "已完成。我们不会再向此地址发送邮件。",
            unknown: "此链接不完整，请从邮件中重新打开。",
            failed: "暂时未能完成，请过几分钟再试。"),
        UnsubscribeWords(
            language: "zh-Hant", title: "我們的郵件", question: "您是否希望不再收到此類郵件？",
            button: "不再接收", done: "已完成。我們不會再寄信到此地址。",
            unknown: "此連結不完整，請從郵件中重新開啟。",
            failed: "暫時未能完成，請過幾分鐘再試。"),
    ]
}
