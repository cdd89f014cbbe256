// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

namespace mmusim::tb {

/// A value whose copies are one object until one of them is changed, so that a copy is cheap.
template <typename Value>
class CopyOnWrite {
  public:
    CopyOnWrite() : value_(std::make_shared<Value>()) {}
    explicit CopyOnWrite(Value value) : value_(std::make_shared<Value>(std::move(value))) {}

    [[nodiscard]] const Value& operator*() const { return *value_; }
    [[nodiscard]] const Value* operator->() const { return value_.get(); }

    /// To be changed at once: a copy made later shares it again.
    [[nodiscard]] Value& to_change() {
        if (value_.use_count() > 1) {
            value_ = std::make_shared<Value>(*value_);
        }
        return *value_;
    }

  private:
    std::shared_ptr<Value> value_;
};

}  // namespace mmusim::tb
