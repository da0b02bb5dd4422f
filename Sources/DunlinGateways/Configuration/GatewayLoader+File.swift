// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import DunlinYAML

extension GatewayLoader {
    /// A gateway with `adapter: file`.
    func fileDrop() throws -> Gateway? {
        let common = Gateways.commonKeys.filter { $0 != "base_url" && $0 != "timeout" }
        let own = Faults()
        let keys = try value.mapping(keys: common + ["folder", "channel", "service", "repeatable"], own)
        let channel = own.attempt { try keys["channel"]?.oneOf(Channel.self) ?? .task }
        let folder = own.attempt { try self.folder(keys.required("folder")) }
        let service = channel.flatMap { channel in own.attempt { try chatService(keys, on: channel) } }
        let repeatable = own.attempt { try keys["repeatable"]?.duration() }
        // One at a time: the transport's thread waits for the disk.
        let limits = limits(keys, concurrency: 1, timeout: .seconds(30), own)
        faults.add(own)
        guard own.errors.isEmpty, let channel, let folder else { return nil }
        var gateway = Gateway(
            name: name, adapter: FileDropAdapter(gateway: name, channel: channel, folder: folder), limits)
        gateway.service = service ?? nil
        gateway.repeatable = repeatable ?? nil
        return gateway
    }

    private func folder(_ value: YAMLValue) throws -> String {
        let folder = try value.string()
        guard !folder.isEmpty, !folder.utf8.contains(0) else {
            throw value.error(expected: "a folder that Dunlin's user may write to")
        }
        return folder.absolute(in: directory)
    }
}
