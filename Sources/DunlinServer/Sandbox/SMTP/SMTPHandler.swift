// SPDX-License-Identifier: Apache-2.0

import DunlinModel
import NIOCore

/// Joins a connection to an `SMTPSession`: cuts bytes into lines, writes replies, files what was received.
final class SMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let reception: Reception
    private var session = SMTPSession()
    private var unread = ByteBuffer()
    private var isClosing = false

    init(reception: Reception) { self.reception = reception }

    func channelActive(context: ChannelHandlerContext) {
        write(SMTPSession.greeting, to: context)
        context.flush()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        var bytes = unwrapInboundIn(data)
        unread.writeBuffer(&bytes)
        // Only CRLF ends a line: a server that takes a bare LF can be talked into a second message.
        while !isClosing, let line = nextLine() {
            let step = session.read(line, makeID: reception.makeID)
            for (draft, answer) in step.received { reception.add(draft, answer: answer) }
            if let reply = step.reply { write(reply, to: context) }
            if step.closes { close(context) }
        }
        unread.discardReadBytes()
        if !isClosing, unread.readableBytes > session.maxLine {
            write("500 5.5.2 Line too long", to: context)
            close(context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// The next whole line without its CRLF.
    private func nextLine() -> ByteBufferView? {
        let view = unread.readableBytesView
        var from = view.startIndex
        while let cr = view[from...].firstIndex(of: UInt8(ascii: "\r")), cr + 1 < view.endIndex {
            if view[cr + 1] == UInt8(ascii: "\n") {
                unread.moveReaderIndex(to: cr + 2)
                return view[view.startIndex..<cr]
            }
            from = cr + 1
        }
        return nil
    }

    private func write(_ reply: String, to context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(ByteBuffer(string: reply + "\r\n")), promise: nil)
    }

    /// Closes after what was written has left.
    private func close(_ context: ChannelHandlerContext) {
        isClosing = true
        context.flush()
        context.close(promise: nil)
    }
}
