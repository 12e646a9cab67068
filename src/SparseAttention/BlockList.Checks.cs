using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace XVideo.SparseAttention;

public sealed partial class BlockList
{
    /// <summary>Looks at every count and every listed index. Waits for the device.</summary>
    /// <exception cref="BlockListException">
    /// A count is not in 0…Mk, or a listed index is negative, past the end, repeated or out of order; the first such place is named.
    /// </exception>
    public void Validate()
    {
        using var scope = NewDisposeScope();
        Tensor counts = Counts.cpu().contiguous(), indices = Indices.cpu().contiguous();
        var countNumbers = MemoryMarshal.Cast<byte, int>(counts.bytes);
        var indexNumbers = MemoryMarshal.Cast<byte, int>(indices.bytes);
        var keyBlocks = Layout.KeyBlocks;
        for (var row = 0; row < countNumbers.Length; row++)
        {
            var count = countNumbers[row];
            if (count < 0 || count > keyBlocks)
                throw new BlockListException($"The block list has count {count} at {Place(row)}; a count must be 0 to {keyBlocks}, the number of key blocks.");
            Check(indexNumbers.Slice(row * keyBlocks, count), row);
        }
        GC.KeepAlive(counts);
        GC.KeepAlive(indices);
    }

    /// <summary>Checks that the list was made for these inputs. Reads no data.</summary>
    /// <param name="query">[B, N, Sq, D].</param>
    /// <param name="key">[B, N, Sk, D].</param>
    /// <exception cref="ArgumentException">Tokens, batch, heads or device differ; the message has both sides.</exception>
    public void CheckFits(Tensor query, Tensor key)
    {
        var (q, k, list) = (query.shape, key.shape, Counts.shape);
        if (Layout.QueryTokens != q[2] || Layout.KeyTokens != k[2])
            throw new ArgumentException($"The block list is for Sq={Layout.QueryTokens}, Sk={Layout.KeyTokens}; the inputs have Sq={q[2]}, Sk={k[2]}. Select blocks for these inputs.", "blocks");
        if ((list[0] != 1 && list[0] != q[0]) || (list[1] != 1 && list[1] != q[1]))
            throw new ArgumentException($"The block list has B={list[0]}, N={list[1]}; for inputs with B={q[0]}, N={q[1]} each must be the same, or 1 to stand for all.", "blocks");
        if (Counts.device.ToString() != query.device.ToString())
            throw new ArgumentException($"The block list is on {Counts.device} and the query on {query.device}; move the list with To().", "blocks");
    }

    private void Check(ReadOnlySpan<int> listed, int row)
    {
        var before = -1;
        for (var position = 0; position < listed.Length; position++)
        {
            var index = listed[position];
            if (index > before && index < Layout.KeyBlocks)
            {
                before = index;
                continue;
            }
            var fault = index < 0 ? "is negative" : index >= Layout.KeyBlocks ? "is past the end"
                : index == before ? "is repeated" : $"comes after {before}: indices must ascend";
            throw new BlockListException($"The block list has index {index} at {Place(row)}, position {position}, which {fault}; allowed are 0 to {Layout.KeyBlocks - 1}, ascending, each once.");
        }
    }

    private string Place(int row)
    {
        var (heads, rows) = ((int)Counts.size(1), Layout.QueryBlocks);
        return $"batch {row / rows / heads}, head {row / rows % heads}, row {row % rows}";
    }
}
