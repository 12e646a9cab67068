namespace XVideo.Torch.Safetensors;

/// <summary>What a writer's callback sees: accepts exactly the bytes of one tensor.</summary>
internal sealed class TensorDataStream(PendingFile file, string description, long sizeInBytes) : Stream
{
    private long _written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("The stream of a tensor's data is write-only.");

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException("The stream of a tensor's data cannot seek.");
    }

    public void CheckComplete()
    {
        if (_written != sizeInBytes)
        {
            throw new InvalidOperationException($"Tensor {description} needs {sizeInBytes} bytes, but {_written} were written. Write all of them.");
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > sizeInBytes - _written)
        {
            throw new InvalidOperationException(
                $"Tensor {description} needs {sizeInBytes} bytes, but {_written + buffer.Length} were written. Write exactly its contiguous data.");
        }

        file.Write(buffer);
        _written += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // The file is flushed once, when all tensors are in it.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream of a tensor's data is write-only.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The stream of a tensor's data cannot seek.");

    public override void SetLength(long value) => throw new NotSupportedException("The stream of a tensor's data cannot change its length.");
}
