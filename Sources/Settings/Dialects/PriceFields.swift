/// The names of LiteLLM's price fields: a base name, with the tier it is for at its end.
///
/// Source: the field names of LiteLLM's price list, version 2026-11-22.
enum PriceFields {
    static func contains(_ key: String) -> Bool {
        var name = Substring(key)
        if let range = name.firstRange(of: "_above_") { name = name[..<range.lowerBound] }
        if self.bases.contains(String(name)) { return true }
        for ending in self.endings where name.hasSuffix(ending) {
            if self.bases.contains(String(name.dropLast(ending.count))) { return true }
        }
        return false
    }

    private static let endings: [String] = [
        "_priority", "_flex", "_batches", "_balanced", "_ultrafast", "_decisions", "_cache_hit", "_480p", "_720p",
        "_768p", "_1080p", "_2k", "_4k", "_512", "_1024", "_1536",
    ]

    private static let bases = Set(
        """
        input_cost_per_token output_cost_per_token cache_read_input_token_cost cache_creation_input_token_cost
        explicit_cache_read_input_token_cost cache_read_input_audio_token_cost cache_read_input_image_token_cost
        cache_creation_input_audio_token_cost input_cost_per_image output_cost_per_image input_cost_per_image_token
        output_cost_per_image_token input_cost_per_audio_token output_cost_per_audio_token
        input_cost_per_video_token output_cost_per_video_token output_cost_per_reasoning_token
        input_cost_per_second output_cost_per_second cost_per_second input_cost_per_video_per_second
        output_cost_per_video_per_second input_cost_per_audio_per_second input_cost_per_character
        output_cost_per_character input_cost_per_pixel output_cost_per_pixel input_cost_per_query
        input_cost_per_request input_cost_per_text_message citation_cost_per_token input_dbu_cost_per_token
        output_dbu_cost_per_token ocr_cost_per_page ocr_cost_per_credit annotation_cost_per_page
        code_interpreter_cost_per_session google_maps_grounding_cost_per_query file_search_cost_per_1k_calls
        file_search_cost_per_gb_per_day vector_store_cost_per_gb_per_day
        """
        .split { $0 == " " || $0 == "\n" }.map(String.init)
    )
}
