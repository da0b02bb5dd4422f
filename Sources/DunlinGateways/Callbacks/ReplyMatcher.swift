// SPDX-License-Identifier: Apache-2.0
public enum ReplyMatcher { public static func meaning(of text: String) -> ReplyMeaning { .other } }
