// SPDX-License-Identifier: Apache-2.0

import DunlinModel

/// Line drawings on a grid of 24, in the colour of the text around them.
enum Icon {
    static func of(_ channel: Channel) -> HTML {
        switch channel {
        case .sms: drawing("<path d=\"M4 5h16v11H10l-4 4v-4H4z\"/>")
        case .email: drawing("<path d=\"M3 6h18v12H3z\"/><path d=\"m3 7 9 7 9-7\"/>")
        case .call:
            drawing(
                "<path d=\"M6 3h3l2 5-2 2a13 13 0 0 0 5 5l2-2 5 2v3a2 2 0 0 1-2 2A17 17 0 0 1 4 5a2 2 0 0 1 2-2z\"/>")
        case .chat: drawing("<path d=\"M12 4a8 8 0 1 1-4 15l-4 1 1-4A8 8 0 0 1 12 4z\"/><path d=\"M8.500 12h7\"/>")
        case .task: drawing("<path d=\"M6 4h12v17H6z\"/><path d=\"M9 3h6v3H9zM9 13l2 2 4-4\"/>")
        }
    }

    /// A dunlin at the water's edge.
    static let bird = drawing(
        """
        <path d="M2 9l5-1a3.2 3.2 0 0 1 6-1c3 1 6 4 8 8-3 1-6 1.5-8.5 1.5C9 16.5 7 14 7 11z"/>\
        <path d="M12 16.5V21M14.5 16.300V21"/>
        """)

    static let speaker = drawing(
        "<path d=\"M4 9.500v5h3.500L12 19V5L7.500 9.500z\"/><path d=\"M15.500 9a4.200 4.200 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11\"/>"
    )

    private static func drawing(_ paths: HTML) -> HTML {
        """
        <svg viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" stroke-width="1.6" \
        stroke-linejoin="round" stroke-linecap="round" aria-hidden="true">\(paths)</svg>
        """
    }
}
