// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/elf_linkage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace mmusim::sw {

namespace {

// More than any real program has; it bounds how long a mad file keeps the reader busy.
constexpr std::size_t most_needed = 4096;

/// A table of a given size at an address.
struct Table {
    std::uint64_t offset = 0;  ///< in the file
    std::uint64_t bytes = 0;
};

class LinkageReader {
  public:
    LinkageReader(const ElfFileView& file, std::span<const ElfSegment> segments)
        : file_(file), segments_(segments) {}

    ElfLinkage read(const Elf64_Phdr& dynamic) {
        read_entries(dynamic);
        ElfLinkage linkage;
        for (const std::uint64_t offset : needed_) {
            linkage.needed.push_back(string_at(offset));
        }
        linkage.soname = string_of(DT_SONAME);
        linkage.run_path = string_of(DT_RUNPATH);
        linkage.older_run_path = string_of(DT_RPATH);
        note_relocations(DT_RELA, DT_RELASZ, 3);
        note_relocations(DT_REL, DT_RELSZ, 2);
        note_relocations(DT_JMPREL, DT_PLTRELSZ, value_of(DT_PLTREL) == DT_RELA ? 3 : 2);
        note_packed_relocations();
        for (const std::uint64_t page : pages_) {
            linkage.relocated_pages.push_back({page});
        }
        return linkage;
    }

  private:
    void read_entries(const Elf64_Phdr& dynamic) {
        file_.require(dynamic.p_offset, dynamic.p_filesz, "the dynamic section (PT_DYNAMIC)");
        const std::uint64_t end = dynamic.p_offset + dynamic.p_filesz;
        const std::uint64_t step = file_.dynamic_entry_bytes();
        for (std::uint64_t offset = dynamic.p_offset; end - offset >= step; offset += step) {
            const Elf64_Dyn entry = file_.dynamic_entry(offset);
            if (entry.d_tag == DT_NULL) {
                return;
            }
            // NOLINTNEXTLINE(*-union-access): the union is that of <elf.h>
            const std::uint64_t value = entry.d_un.d_val;
            if (entry.d_tag == DT_NEEDED) {
                needed_.push_back(value);
            } else {
                values_[entry.d_tag] = value;
            }
            if (needed_.size() > most_needed) {
                file_.fail(fmt::format("more than {} needed libraries (DT_NEEDED)", most_needed),
                           "no more than that");
            }
        }
        file_.fail("a dynamic section (PT_DYNAMIC) without an end", "DT_NULL as its last entry");
    }

    [[nodiscard]] std::optional<std::uint64_t> value_of(std::int64_t tag) const {
        const auto found = values_.find(tag);
        return found == values_.end() ? std::nullopt : std::optional(found->second);
    }

    [[nodiscard]] std::optional<Table> table_of(std::int64_t address_tag, std::int64_t size_tag,
                                                std::string_view what) const {
        const std::optional<std::uint64_t> address = value_of(address_tag);
        const std::uint64_t bytes = value_of(size_tag).value_or(0);
        if (!address || bytes == 0) {
            return std::nullopt;
        }
        for (const ElfSegment& segment : segments_) {
            const std::uint64_t start = segment.start.value;
            if (*address < start || *address - start >= segment.file_bytes) {
                continue;
            }
            const std::uint64_t distance = *address - start;
            if (bytes <= segment.file_bytes - distance) {
                return Table{.offset = segment.file_offset + distance, .bytes = bytes};
            }
        }
        file_.fail(fmt::format("{} at {:#x}, {:#x} bytes long", what, *address, bytes),
                   "one within a segment (PT_LOAD)");
    }

    [[nodiscard]] std::string string_at(std::uint64_t offset) const {
        constexpr std::string_view what = "the name of a library or path";
        const std::optional<Table> names = table_of(DT_STRTAB, DT_STRSZ, "the string table");
        if (!names || offset >= names->bytes) {
            file_.fail(fmt::format("{} at {:#x} of a string table of {:#x} bytes", what, offset,
                                   names ? names->bytes : 0),
                       "one within the table");
        }
        return file_.text(names->offset + offset, names->offset + names->bytes, what);
    }

    [[nodiscard]] std::optional<std::string> string_of(std::int64_t tag) const {
        const std::optional<std::uint64_t> offset = value_of(tag);
        return offset ? std::optional(string_at(*offset)) : std::nullopt;
    }

    void note_write(std::uint64_t address) {
        const std::uint64_t page = address / page_bytes;
        if (page == last_page_) {
            return;
        }
        const auto segment =
            std::find_if(segments_.begin(), segments_.end(), [&](const ElfSegment& candidate) {
                return candidate.start.value <= address && address < candidate.end().value;
            });
        if (segment == segments_.end()) {
            file_.fail(fmt::format("a relocation of {:#x}", address),
                       "one of an address in a segment (PT_LOAD)");
        }
        pages_.insert(page);
        last_page_ = page;
    }

    // Elf64_Rela and its kin: an address, what to do there, and in some an addend.
    void note_relocations(std::int64_t address_tag, std::int64_t size_tag, std::uint64_t words) {
        const std::optional<Table> table =
            table_of(address_tag, size_tag, "a table of relocations");
        if (!table) {
            return;
        }
        const std::uint64_t step = words * file_.word_bytes();
        const std::uint64_t type_mask = file_.is_64_bit() ? 0xffffffff : 0xff;
        for (std::uint64_t place = 0; place + step <= table->bytes; place += step) {
            const std::uint64_t address = file_.word(table->offset + place);
            const std::uint64_t info = file_.word(table->offset + place + file_.word_bytes());
            // 0 is R_*_NONE on every machine: it does nothing.
            if ((info & type_mask) != 0) {
                note_write(address);
            }
        }
    }

    // DT_RELR: an even word is an address to relocate; an odd one is a bitmap of those behind it.
    void note_packed_relocations() {
        const std::optional<Table> table =
            table_of(DT_RELR, DT_RELRSZ, "a table of packed relocations");
        if (!table) {
            return;
        }
        const std::uint64_t step = file_.word_bytes();
        std::uint64_t next = 0;
        for (std::uint64_t place = 0; place + step <= table->bytes; place += step) {
            const std::uint64_t word = file_.word(table->offset + place);
            if (word % 2 == 0) {
                note_write(word);
                next = word + step;
                continue;
            }
            for (std::uint64_t bit = 1; bit < 8 * step; ++bit) {
                if ((word >> bit & 1) != 0) {
                    note_write(next + (bit - 1) * step);
                }
            }
            next += (8 * step - 1) * step;
        }
    }

    const ElfFileView& file_;
    std::span<const ElfSegment> segments_;
    std::vector<std::uint64_t> needed_;
    std::map<std::int64_t, std::uint64_t> values_;
    std::set<std::uint64_t> pages_;
    std::optional<std::uint64_t> last_page_;
};

}  // namespace

ElfLinkage read_linkage(const ElfFileView& file, const Elf64_Phdr& dynamic,
                        std::span<const ElfSegment> segments) {
    return LinkageReader(file, segments).read(dynamic);
}

}  // namespace mmusim::sw
