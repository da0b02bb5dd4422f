// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import DunlinTemplates
import DunlinTime
import DunlinYAML

/// What a daemon starts with all the same, and what may not do what somebody meant.
extension StartUp {
    func addNotes(_ configuration: Configuration, zones: ZoneDatabase, to faults: Faults) {
        if let routes { noteRoutes(routes, configuration, Places(zones: zones), faults) }
        // Mails lead there whoever wants no more of them.
        if configuration.callbacks != nil, gateways.allSatisfy({ $0.callbacks == nil && $0.channel != .email }),
            faults.errors.isEmpty
        {
            faults.add(
                Note(
                    configuration.place(of: "callbacks"), why: "no gateway here has anything to tell by callbacks",
                    remedy: "remove 'callbacks', or describe them in the gateways' definitions"))
        }
        for gateway in gateways where gateway.channel != .sms && gateway.channel != .call {
            guard !gateway.rates.entries.isEmpty || gateway.price?.others.entries.isEmpty == false else { continue }
            faults.add(
                Note(
                    gateway.place,
                    why:
                        "gateway '\(gateway.name)' has rates or prices for countries, and \(gateway.channel) has no numbers",
                    remedy: "write 'rate' and one 'price'"))
        }
        guard let library else { return }
        for gateway in gateways where !misnamed.contains(gateway.name) {
            StartUp.noteUnapproved(gateway, library, faults)
            StartUp.noteUnsendable(gateway, library, faults)
        }
    }

    private func noteRoutes(
        _ routes: [Channel: Routes], _ configuration: Configuration, _ places: Places, _ faults: Faults
    ) {
        for (place, gateway) in gateways.enumerated()
        where routes[gateway.channel]?.gateways.contains(place) != true {
            faults.add(
                Note(
                    gateway.place, why: "no route names gateway '\(gateway.name)': it gets no reminder",
                    remedy: "name it under routes.\(gateway.channel), or remove it"))
        }
        for channel in Channel.allCases {
            let entries = routes[channel]?.entries ?? []
            for (number, entry) in entries.enumerated() {
                for gateway in entry.gateways.map({ gateways[$0] }) {
                    guard let code = gateway.nationalCode, entry.reaches(beyond: code, places) else { continue }
                    let name = entries.count > 1 ? "entry \(number + 1) of routes.\(channel)" : "routes.\(channel)"
                    faults.add(
                        Note(
                            configuration.entry("routes", channel.rawValue)?.place ?? configuration.path,
                            why: "\(name) gives gateway '\(gateway.name)' numbers beyond +\(code), which it refuses",
                            remedy: "name it in an entry of its own with 'to: [\"+\(code)\"]'"))
                }
            }
            noteFallback(channel, routes[channel], configuration, faults)
        }
    }

    private func noteFallback(
        _ channel: Channel, _ routes: Routes?, _ configuration: Configuration, _ faults: Faults
    ) {
        guard configuration.fallback[channel] != nil else { return }
        let place = configuration.entry("fallback", channel.rawValue)?.place ?? configuration.path
        guard let routes, !routes.isEmpty else {
            return faults.add(
                Note(
                    place, why: "fallback.\(channel) has no effect: nothing is routed by \(channel)",
                    remedy: "remove it"))
        }
        for gateway in routes.gateways.map({ gateways[$0] }) where gateway.callbacks?.tellsArrival != true {
            var remedy = "take another gateway for it, or remove it"
            if case .missing(let keys) = gateway.offer.receipts { remedy = "set \(keys.joined(separator: " and "))" }
            faults.add(
                Note(
                    place,
                    why:
                        "fallback.\(channel) has no effect on gateway '\(gateway.name)', which never says that a message arrived",
                    remedy: remedy))
        }
    }

    /// Tries each message's sample on each gateway: one that cannot express it would refuse it every time.
    private static func noteUnsendable(_ gateway: Gateway, _ library: TemplateLibrary, _ faults: Faults) {
        var refused: [(error: DunlinError, messages: [String])] = []
        for message in library.messages {
            for language in message.languages(on: gateway.channel) where gateway.hasApproved(message.name, in: language)
            {
                guard let sample = gateway.sample(of: message, in: language, library) else { continue }
                do { try gateway.adapter.check(sample) } catch let error as DunlinError {
                    let known = refused.firstIndex { $0.error.why == error.why }
                    if known == nil { refused.append((error, [])) }
                    let place = known ?? refused.count - 1
                    if refused[place].messages.last != message.name { refused[place].messages.append(message.name) }
                } catch {}
            }
        }
        for (error, messages) in refused {
            faults.add(
                Note(
                    gateway.place,
                    why:
                        "gateway '\(gateway.name)' refuses \(messages.joined(separator: ", ")) as in the sample: \(error.why)",
                    remedy: error.remedy))
        }
    }
}

extension Route {
    /// Whether it takes numbers whose country's calling code is another one. Of what cannot be told it says no.
    fileprivate func reaches(beyond code: String, _ places: Places) -> Bool {
        guard let destinations else { return true }
        // What a number begins with behind the country's code; each plan uses some of it.
        let regions = Set((1...9).flatMap { places.regions(ofNumber: "+\(code)\($0)00000000") }.map { $0.prefix(2) })
        return destinations.contains { destination in
            switch destination {
            case .prefix(let prefix): !prefix.hasPrefix("+\(code)")
            case .region(let region): !regions.isEmpty && !regions.contains(region.prefix(2))
            }
        }
    }
}

extension Gateway {
    /// A message with its sample data, as it would be given to this gateway; nil where that cannot be written.
    fileprivate func sample(
        of message: MessageTemplate, in language: String, _ library: TemplateLibrary
    ) -> OutboundMessage? {
        var reminder = message.sample.reminder
        reminder.message = message.name
        reminder.recipient.locale = language
        let day = message.sample.today
        guard let rendered = try? library.render(reminder, channel: channel, today: day) else { return nil }
        let to =
            switch channel {
            case .sms, .call: "+\(nationalCode ?? "1")6175550100"
            case .email: "person@example.com"
            case .chat: "\(service?.rawValue ?? "whatsapp"):+16175550100"
            case .task: "P-1"
            }
        let at = Instant(seconds: Int64(day.daysSince1970) * 86_400)
        return OutboundMessage(
            attempt: 1, token: "a1-0000000000000000", reminderToken: "r1-0000000000000000", to: to,
            recipientName: reminder.recipient.name, account: reminder.account.id, creditor: reminder.account.creditor,
            name: message.name, language: rendered.language, content: rendered.content,
            values: adapter.needsValues ? library.values(of: reminder, channel: channel, today: day) : [:], at: at,
            expires: at + .hours(24))
    }
}
