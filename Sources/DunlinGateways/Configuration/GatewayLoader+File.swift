// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

extension GatewayLoader {
    /// A gateway with `adapter: file`.
    func fileDrop() throws -> Gateway {
        let common = Gateways.commonKeys.filter { $0 != "base_url" && $0 != "timeout" }
        let keys = try value.mapping(keys: common + ["folder", "channel", "service", "repeatable"])
        let channel = try keys["channel"]?.oneOf(Channel.self) ?? .task
        let folder = try keys.required("folder").string()
        guard !folder.isEmpty, !folder.utf8.contains(0) else {
            throw try keys.required("folder").error(expected: "a folder that Dunlin's user may write to")
        }
        let adapter = FileDropAdapter(gateway: name, channel: channel, folder: folder.absolute(in: directory))
        // One at a time: the transport's thread waits for the disk.
        var gateway = try gateway(keys, adapter, concurrency: 1, timeout: .seconds(30))
        gateway.service = try chatService(keys, on: channel)
        gateway.repeatable = try keys["repeatable"]?.duration()
        return gateway
    }
}
