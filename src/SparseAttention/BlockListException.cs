namespace XVideo.SparseAttention;

/// <summary>A block list says what no list may say. The message names batch item, head, row, position and value.</summary>
public sealed class BlockListException : ArgumentException
{
    /// <param name="message">What is wrong, where, and what is allowed.</param>
    public BlockListException(string message) : base(message)
    {
    }
}
