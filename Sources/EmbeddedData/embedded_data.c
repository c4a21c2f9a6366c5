#include "embedded_data.h"

#include "model-prices-version.h"

// `#embed` came with C23; clang has it in every dialect and says so under -Wpedantic.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char model_prices[] = {
#embed "model-prices.tsv"
};

#pragma clang diagnostic pop

const unsigned char *martlet_model_prices(void) { return model_prices; }

size_t martlet_model_prices_length(void) { return sizeof model_prices; }

const unsigned char *martlet_model_prices_version(void) {
    return (const unsigned char *)MARTLET_MODEL_PRICES_VERSION;
}

size_t martlet_model_prices_version_length(void) { return sizeof MARTLET_MODEL_PRICES_VERSION - 1; }
