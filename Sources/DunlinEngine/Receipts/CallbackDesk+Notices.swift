// SPDX-License-Identifier: Apache-2.0

import DunlinGateways
import DunlinModel
import Logging
import Synchronization

extension CallbackDesk {
    /// Does what a gateway's word about its callbacks asks for, and tells the operator.
    func heed(_ notice: CallbackNotice, _ name: String) async -> CallbackReply {
        switch notice {
        case .subscribed(let topic, let url):
            let answer = await fetch(url)
            guard answer.phase == .answered, answer.status == 200 else {
                logger.error("gateway \(name): the subscription to \(topic) could not be confirmed: \(answer.words)")
                return comeAgain(name)
            }
            logger.notice("gateway \(name): confirmed the subscription to \(topic)")
        case .unsubscribed(let topic):
            logger.error(
                "gateway \(name): somebody ended the subscription to \(topic), so nothing more comes of it; subscribe again if that was a mistake"
            )
        case .weaklySigned(let topic):
            sayOnce(
                "gateway \(name): \(topic) signs with SHA-1, which is not believed; set it to SHA-256: aws sns set-topic-attributes"
                    + " --topic-arn \(topic) --attribute-name SignatureVersion --attribute-value 2")
            return refuse(.forged, name)
        case .remark: break
        }
        count(name) { $0.taken += 1 }
        return CallbackReply()
    }

    private func sayOnce(_ text: String) {
        if state.withLock({ $0.said.insert(text).inserted }) { logger.error("\(text)") }
    }
}
