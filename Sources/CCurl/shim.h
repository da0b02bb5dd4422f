// SPDX-License-Identifier: Apache-2.0
// libcurl for Swift: the variadic calls, one typed function for each kind of argument, and nothing else.
#pragma once
#include <curl/curl.h>

// A callback is always set together with its user pointer.

static inline CURLcode ccurl_set_long(CURL *_Nonnull easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_size(CURL *_Nonnull easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

/// libcurl copies the string. Not for `CURLOPT_POSTFIELDS`.
static inline CURLcode ccurl_set_string(CURL *_Nonnull easy, CURLoption option, const char *_Nullable value) {
    return curl_easy_setopt(easy, option, value);
}

/// libcurl does not copy: `value` must live as long as the transfer.
static inline CURLcode ccurl_set_pointer(CURL *_Nonnull easy, CURLoption option, const void *_Nullable value) {
    return curl_easy_setopt(easy, option, value);
}

/// libcurl does not copy: the list must live as long as the transfer.
static inline CURLcode ccurl_set_list(CURL *_Nonnull easy, CURLoption option, struct curl_slist *_Nullable value) {
    return curl_easy_setopt(easy, option, value);
}

static inline void ccurl_set_write(CURL *_Nonnull easy, curl_write_callback _Nonnull function, void *_Nullable data) {
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, function);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, data);
}

static inline void ccurl_set_header(CURL *_Nonnull easy, curl_write_callback _Nonnull function, void *_Nullable data) {
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, function);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, data);
}

static inline void ccurl_set_read(CURL *_Nonnull easy, curl_read_callback _Nonnull function, void *_Nullable data) {
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, function);
    curl_easy_setopt(easy, CURLOPT_READDATA, data);
}

static inline void ccurl_set_prereq(CURL *_Nonnull easy, curl_prereq_callback _Nonnull function, void *_Nullable data) {
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, function);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, data);
}

/// Both take the same data, which must outlive every connection: until after `curl_multi_cleanup`.
static inline void ccurl_set_sockets(
    CURL *_Nonnull easy, curl_opensocket_callback _Nonnull open, curl_closesocket_callback _Nonnull close,
    void *_Nullable data) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, data);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, data);
}

static inline long ccurl_get_long(CURL *_Nonnull easy, CURLINFO info) {
    long value = 0;
    curl_easy_getinfo(easy, info, &value);
    return value;
}

static inline curl_off_t ccurl_get_size(CURL *_Nonnull easy, CURLINFO info) {
    curl_off_t value = 0;
    curl_easy_getinfo(easy, info, &value);
    return value;
}

/// The number kept in `CURLOPT_PRIVATE`.
static inline long ccurl_get_private(CURL *_Nonnull easy) {
    char *value = 0;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value);
    return (long)value;
}

static inline void ccurl_set_private(CURL *_Nonnull easy, long value) {
    curl_easy_setopt(easy, CURLOPT_PRIVATE, (void *)value);
}

static inline void ccurl_multi_set_long(CURLM *_Nonnull multi, CURLMoption option, long value) {
    curl_multi_setopt(multi, option, value);
}

static inline void ccurl_multi_set_socket(
    CURLM *_Nonnull multi, curl_socket_callback _Nullable function, void *_Nullable data) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, function);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, data);
}

static inline void ccurl_multi_set_timer(
    CURLM *_Nonnull multi, curl_multi_timer_callback _Nullable function, void *_Nullable data) {
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, function);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, data);
}

/// The next ended transfer and its result, or null.
static inline CURL *_Nullable ccurl_multi_next_done(CURLM *_Nonnull multi, CURLcode *_Nonnull result) {
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return 0;
}
