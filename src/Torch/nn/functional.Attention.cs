using XVideo.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            // Query rows per pass of the composed form: keeps the score matrix of one pass in the processor's cache-friendly range.
            private const long ComposedRows = 256;

            /// <summary>softmax(q·kᵀ/√D + mask)·v over the last two dimensions.</summary>
            /// <param name="query">[…, Sq, D].</param>
            /// <param name="key">[…, Sk, D].</param>
            /// <param name="value">[…, Sk, D].</param>
            /// <param name="attn_mask">Added to the scores; broadcasts to […, Sq, Sk]. Null means none.</param>
            /// <param name="p">Dropout probability; only 0 is supported.</param>
            /// <param name="is_casual">Causal masking (TorchSharp's spelling); only false is supported.</param>
            /// <remarks>libtorch before 2.0 has no fused operator: there the product is composed, a stripe of query rows at a time.</remarks>
            public static Tensor scaled_dot_product_attention(
                Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
            {
                if (p != 0 || is_casual) throw new NotSupportedException("scaled_dot_product_attention supports neither dropout nor causal masking.");
                return Operator.Exists("scaled_dot_product_attention")
                    ? Operator.Call("scaled_dot_product_attention", query, key, value, attn_mask)
                    : Composed(query, key, value, attn_mask);
            }

            private static Tensor Composed(Tensor query, Tensor key, Tensor value, Tensor? mask)
            {
                using var scope = NewDisposeScope();
                var rows = query.size(-2);
                var scaled = query * (1 / Math.Sqrt(query.size(-1)));
                var keys = key.transpose(-2, -1);
                var stripes = new List<Tensor>();
                for (long start = 0; start < rows; start += ComposedRows)
                {
                    using var stripeScope = NewDisposeScope();
                    var length = Math.Min(ComposedRows, rows - start);
                    var scores = scaled.narrow(-2, start, length).matmul(keys);
                    if (mask is not null) scores = scores + (mask.size(-2) == 1 ? mask : mask.narrow(-2, start, length));
                    stripes.Add(scores.softmax(-1).matmul(value).MoveToOuterDisposeScope());
                }
                return (stripes.Count == 1 ? stripes[0] : cat(stripes, -2)).MoveToOuterDisposeScope();
            }
        }
    }
}
